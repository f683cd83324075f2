// SPDX-License-Identifier: MIT
// The vendor's page with keys and credit.
#pragma once

#include "ui/notice.hpp"

namespace venice_gimp {

// In the user's browser. Where there is none, a notice tells the address, to be copied; false then.
bool open_account_page(NoticeArea& notices);

}  // namespace venice_gimp
