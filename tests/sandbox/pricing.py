# SPDX-License-Identifier: MIT
"""What a request costs, and the account that pays for it."""

from __future__ import annotations

from decimal import Decimal

from .catalog import price_of_image
from .validation import Order

# Asked for with enhance_prompt, charged once for each rewrite, however many variants are drawn.
ENHANCEMENT = Decimal("0.04")


def price_of_order(order: Order) -> Decimal:
    """Price of one accepted request."""
    total = price_of_image(order.model, order.resolution, order.quality) * order.variants
    if order.enhance_prompt:
        total += ENHANCEMENT
    return total


def as_text(amount: Decimal) -> str:
    """An amount for a header: at least two decimals, more where they count, never an exponent."""
    text = format(amount.normalize(), "f")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


class Account:
    """The prepaid balance.  It is charged when a request is accepted, not when its answer arrives: a
    request that was fully sent and whose answer got lost has been paid for."""

    def __init__(self, balance: Decimal) -> None:
        self.initial = balance
        self.balance = balance
        self.images = 0

    def reset(self, balance: Decimal | None = None) -> None:
        self.balance = self.initial if balance is None else balance
        self.images = 0

    def covers(self, amount: Decimal) -> bool:
        return self.balance >= amount and self.balance > 0

    def charge(self, amount: Decimal) -> None:
        self.balance -= amount
