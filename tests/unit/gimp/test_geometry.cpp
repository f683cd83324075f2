// SPDX-License-Identifier: MIT
#include "cmocka.hpp"
#include "gimp/geometry.hpp"

using namespace venice_gimp;

namespace {

void expect(const Rectangle& target, const Size& picture, Placement placement, const Rectangle& wanted) {
    const Rectangle placed = place_picture(target, picture, placement);
    assert_int_equal(placed.x, wanted.x);
    assert_int_equal(placed.y, wanted.y);
    assert_int_equal(placed.width, wanted.width);
    assert_int_equal(placed.height, wanted.height);
}

void actual_size_is_centred_with_floor(void**) {
    expect({0, 0, 401, 300}, {64, 48}, Placement::actual, {168, 126, 64, 48});
    expect({0, 0, 33, 21}, {64, 48}, Placement::actual, {-16, -14, 64, 48});
    expect({-10, 5, 20, 20}, {21, 23}, Placement::actual, {-11, 3, 21, 23});
}

void cover_scales_until_it_covers(void**) {
    expect({10, 20, 200, 100}, {100, 100}, Placement::cover, {10, -30, 200, 200});
    expect({10, 20, 100, 200}, {100, 100}, Placement::cover, {-40, 20, 200, 200});
    expect({0, 0, 100, 50}, {200, 100}, Placement::cover, {0, 0, 100, 50});
}

void fit_scales_until_it_is_inside(void**) {
    expect({10, 20, 200, 100}, {100, 100}, Placement::fit, {60, 20, 100, 100});
    expect({0, 0, 100, 100}, {300, 200}, Placement::fit, {0, 17, 100, 66});
}

void stretch_is_the_target(void**) {
    expect({7, 8, 33, 101}, {64, 48}, Placement::stretch, {7, 8, 33, 101});
}

void no_side_is_ever_on_the_wrong_side_of_the_target(void**) {
    for (int width = 1; width < 90; width += 4) {
        for (int height = 1; height < 90; height += 7) {
            for (int w = 1; w < 70; w += 3) {
                const Rectangle target{3, 4, width, height};
                const Size picture{w, 31};
                const Rectangle fit = place_picture(target, picture, Placement::fit);
                assert_true(fit.width <= width && fit.height <= height && fit.width >= 1 && fit.height >= 1);
                assert_true(fit.width == width || fit.height == height);
                const Rectangle cover = place_picture(target, picture, Placement::cover);
                assert_true(cover.width >= width && cover.height >= height);
                assert_true(cover.width == width || cover.height == height);
                assert_true(cover.x <= target.x && cover.x + cover.width >= target.x + width);
                assert_true(cover.y <= target.y && cover.y + cover.height >= target.y + height);
            }
        }
    }
}

void enlargement_is_a_factor(void**) {
    assert_true(enlargement({100, 50}, {0, 0, 250, 125}) == 2.5);
    assert_true(enlargement({100, 50}, {0, 0, 50, 25}) == 0.5);
}

void the_share_outside_is_measured_in_area(void**) {
    assert_true(share_outside({0, -128, 1024, 1024}, {0, 0, 1024, 768}) == 0.25);
    assert_true(share_outside({10, 10, 20, 20}, {0, 0, 100, 100}) == 0);
    assert_true(share_outside({200, 0, 20, 20}, {0, 0, 100, 100}) == 1);
}

void placements_have_names(void**) {
    for (const Placement placement : {Placement::cover, Placement::fit, Placement::actual, Placement::stretch}) {
        assert_true(placement_named(placement_name(placement)) == placement);
    }
    assert_false(placement_named("centre").has_value());
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(actual_size_is_centred_with_floor),
        cmocka_unit_test(cover_scales_until_it_covers),
        cmocka_unit_test(fit_scales_until_it_is_inside),
        cmocka_unit_test(stretch_is_the_target),
        cmocka_unit_test(no_side_is_ever_on_the_wrong_side_of_the_target),
        cmocka_unit_test(enlargement_is_a_factor),
        cmocka_unit_test(the_share_outside_is_measured_in_area),
        cmocka_unit_test(placements_have_names),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
