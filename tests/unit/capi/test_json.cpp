// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <new>

#include "checks.hpp"
#include "support/json.hpp"

using venice::check_json;
using venice::JsonFault;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
        text += part;
    }
    return text;
}

void expect_fault(std::string_view text, JsonFault expected) {
    if (check_json(text) != expected) {
        fail_msg("fault %d, not %d, for: %.*s", static_cast<int>(check_json(text)), static_cast<int>(expected), static_cast<int>(text.size()),
                 text.data());
    }
}

void takes_what_rfc_8259_takes(void**) {
    for (const std::string_view text :
         {"null", "true", "false", "0", "-0", "7", "-12", "10", "0.5", "-0.25", "1e5", "1E5", "1e+5", "1e-5", "0e0", "12.50e-07",
          "123456789012345678901234567890", "\"\"", "\"text\"", R"("\"\\\/\b\f\n\r\t")", R"("\u00e9\u00E9")", R"("\ud83d\ude00")",
          "\"\xC3\xA9 \xF0\x9F\x98\x80 \x7F\"", "[]", "[1]", "[1,2,[3]]", "{}", R"({"a":1})", R"({"a":{"b":[]},"a":2})",
          " \t\r\n[ 1 , { \"a\" : null } ]\n", R"({"":""})"}) {
        expect_fault(text, JsonFault::none);
    }
}

void refuses_what_is_not_json(void**) {
    for (const std::string_view text :
         {"", " ", "nul", "nulll", "True", "NaN", "Infinity", "-", "+1", "01", "-01", "00", "1.", ".5", "1.e5", "1e", "1e+", "0x10", "1 2", "- 1",
          "'a'", "\"", "\"a", "\"\\\"", R"("\x41")", R"("\u12")", R"("\u12G4")", R"("\")", "\"a\nb\"", "\"a\tb\"", "\"\x01\"", "\"\x1F\"", "[", "]",
          "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[01]", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}",
          "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[}", "{]", "/**/1", "1//", "\xEF\xBB\xBF{}", "[1]]", "{}{}", "1,", "\\u0031"}) {
        expect_fault(text, JsonFault::not_json);
    }
}

// Raw NUL bytes end no text: they are looked at as any other control character.
void refuses_raw_nul(void**) {
    expect_fault(std::string_view("1\0", 2), JsonFault::not_json);
    expect_fault(std::string_view("\"a\0b\"", 5), JsonFault::not_json);
}

void refuses_surrogates_without_partner(void**) {
    for (const std::string_view text : {R"("\ud83d")", R"("\ude00")", R"("\ud83d\ud83d")", R"("\ud83dx")", R"("\ud83d\n")", R"("\ude00\ud83d")",
                                        R"("\ud83d\u0041")", R"("\ud83d\u")"}) {
        expect_fault(text, JsonFault::not_json);
    }
}

void tells_escaped_nul(void**) {
    expect_fault(R"("a\u0000b")", JsonFault::nul_escape);
    expect_fault(R"({"a":["\u0000"]})", JsonFault::nul_escape);
    expect_fault(R"({"\u0000":1})", JsonFault::nul_escape);
    expect_fault(R"("\\u0000")", JsonFault::none);
}

void tells_broken_utf8(void**) {
    for (const std::string_view text : {"\"\x80\"", "\"\xC3\"", "\"\xC0\xAF\"", "\"\xE2\x82\"", "\"\xED\xA0\x80\"", "\"\xF5\x80\x80\x80\"", "\"\xFF\""}) {
        expect_fault(text, JsonFault::not_utf8);
    }
}

void bounds_the_depth(void**) {
    expect_fault(repeated("[", 400) + repeated("]", 400), JsonFault::none);
    expect_fault(repeated("[", 200'000) + repeated("]", 200'000), JsonFault::not_json);
    expect_fault(repeated("{\"a\":", 200'000), JsonFault::not_json);
}

// Whatever passes the check must be readable by cJSON, which has bounds of its own.
void what_passes_can_be_parsed(void**) {
    for (const std::string& text : {repeated("[", 400) + repeated("]", 400), std::string(R"(["\ud83d\ude00"])"), std::string("[1e999]")}) {
        expect_fault(text, JsonFault::none);
        assert_non_null(venice::parse_json(text).get());
    }
}

void members_of_the_wrong_type_are_absent(void**) {
    const venice::Json json = venice::parse_json(R"({"text":"a","number":1.5,"huge":1e999,"yes":true,"list":["a",1,null,"b"],"Text":"other"})");
    expect_text(venice::string_member(json.get(), "text"), "a");
    expect_text(venice::string_member(json.get(), "number"), "");
    assert_false(venice::number_member(json.get(), "text").has_value());
    assert_false(venice::number_member(json.get(), "huge").has_value());
    assert_int_equal(venice::int_member(json.get(), "number", 7), 1);
    assert_int_equal(venice::int_member(json.get(), "huge", 7), 7);
    assert_int_equal(venice::int_member(json.get(), "none", 7), 7);
    assert_true(venice::bool_member(json.get(), "yes"));
    assert_false(venice::bool_member(json.get(), "text"));
    assert_int_equal(venice::string_array(venice::member(json.get(), "list")).size(), 2);
    assert_true(venice::string_array(venice::member(json.get(), "text")).empty());
    assert_null(venice::member(nullptr, "a"));
}

void splits_objects_and_arrays_as_written(void**) {
    const auto members = venice::json_members(R"( { "a" : 12345678901234567890 , "b\"}" :[1,{"x":"]}"}], "c":"\\", "":null } )");
    assert_true(members.has_value());
    assert_int_equal(members->size(), 4);
    expect_text((*members)[0].first, "a");
    expect_text(std::string((*members)[0].second), "12345678901234567890");
    expect_text((*members)[1].first, "b\"}");
    expect_text(std::string((*members)[1].second), R"([1,{"x":"]}"}])");
    expect_text(std::string((*members)[2].second), R"("\\")");
    expect_text((*members)[3].first, "");
    assert_true(venice::json_members("{}")->empty());
    assert_false(venice::json_members("[1]").has_value());
    assert_false(venice::json_members("7").has_value());
    const auto elements = venice::json_elements(R"([ [1,2] , "a,b" ])");
    assert_int_equal(elements->size(), 2);
    expect_text(std::string((*elements)[1]), "\"a,b\"");
    assert_true(venice::json_elements("[ ]")->empty());
}

// cJSON says the same of a text that it cannot read and of a lack of memory.
int allocations_left = -1;  // cJSON's; negative: any number

void* scarce_malloc(std::size_t size) { return allocations_left == 0 || allocations_left-- == 0 ? nullptr : std::malloc(size); }

void tells_lack_of_memory_from_wrong_text(void**) {
    cJSON_Hooks scarce{&scarce_malloc, &std::free};
    cJSON_InitHooks(&scarce);
    int lacking = 0;
    bool read = false;
    for (int allowed = 0; !read && allowed < 100; ++allowed) {
        allocations_left = allowed;
        try {
            read = venice::parse_json(R"({"id":"x","list":[1,"text",{"nested":null}]})") != nullptr;
            assert_true(read);
        } catch (const std::bad_alloc&) {
            ++lacking;
        }
    }
    allocations_left = -1;
    const venice::Json wrong = venice::parse_json("{\"id\":");
    const venice::Json long_number = venice::parse_json("[" + std::string(64, '1') + "x]");
    cJSON_InitHooks(nullptr);
    assert_true(read);
    assert_true(lacking > 5);
    assert_null(wrong.get());
    assert_null(long_number.get());
}

// Some versions of cJSON read at most 63 characters of a number: that is no lack of memory.
void a_long_number_is_no_lack_of_memory(void**) {
    for (const std::string& number : {std::string(64, '1'), "-" + std::string(70, '1'), "0." + std::string(80, '3'), std::string(40, '1') + "e" + std::string(40, '0')}) {
        expect_fault(number, JsonFault::none);
        const venice::Json json = venice::parse_json("[" + number + "]");  // throws nothing
        assert_true(!json || cJSON_IsNumber(json->child));
    }
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_rfc_8259_takes),
        cmocka_unit_test(refuses_what_is_not_json),
        cmocka_unit_test(refuses_raw_nul),
        cmocka_unit_test(refuses_surrogates_without_partner),
        cmocka_unit_test(tells_escaped_nul),
        cmocka_unit_test(tells_broken_utf8),
        cmocka_unit_test(bounds_the_depth),
        cmocka_unit_test(what_passes_can_be_parsed),
        cmocka_unit_test(splits_objects_and_arrays_as_written),
        cmocka_unit_test(members_of_the_wrong_type_are_absent),
        cmocka_unit_test(tells_lack_of_memory_from_wrong_text),
        cmocka_unit_test(a_long_number_is_no_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
