// SPDX-License-Identifier: MIT
// Every answer is fed whole, cut in two at every byte, and byte by byte: it must not matter, and must come to what a plain JSON parser makes of it.
#include <algorithm>
#include <limits>
#include <new>

#include "checks.hpp"
#include "response/generate_decoder.hpp"

using venice::GenerateDecoder;

namespace {

struct Outcome {
    venice_status status = VENICE_OK;
    std::string message;
    std::vector<Bytes> images;
    std::string id;

    bool operator==(const Outcome&) const = default;
};

Outcome decode(const std::vector<std::string_view>& pieces) {
    Outcome outcome;
    try {
        GenerateDecoder decoder;
        for (const std::string_view piece : pieces) {
            decoder.feed(piece);
        }
        GenerateDecoder::Decoded decoded = decoder.finish();
        for (const auto& image : decoded.images) {
            assert_true(image->complete());
            outcome.images.push_back(bytes_of(*image));
        }
        outcome.id = venice::string_member(decoded.json.get(), "id");
    } catch (const venice::Error& error) {
        outcome.status = error.info().status;
        outcome.message = error.info().message;
    }
    return outcome;
}

Outcome decode_whole_and_in_pieces(std::string_view text) {
    const Outcome whole = decode({text});
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        if (decode({text.substr(0, cut), text.substr(cut)}) != whole) {
            fail_msg("cut at %zu makes a difference: %.*s", cut, static_cast<int>(text.size()), text.data());
        }
    }
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < text.size(); ++i) {
        single.push_back(text.substr(i, 1));
    }
    assert_true(decode(single) == whole);
    return whole;
}

// The simplest base64 decoder there is, for valid text.
Bytes reference_base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Bytes bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) {
            break;
        }
        bits = bits << 6 | static_cast<unsigned>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::uint8_t>(bits >> count & 0xFF));
        }
    }
    return bytes;
}

Outcome reference(std::string_view text) {
    const venice::Json json = venice::parse_json(text);
    Outcome outcome;
    outcome.id = venice::string_member(json.get(), "id");
    for (const std::string& image : venice::string_array(venice::member(json.get(), "images"))) {
        outcome.images.push_back(reference_base64(image));
    }
    return outcome;
}

const std::vector<std::string> valid_answers = {
    R"({"images":["AAECAwQF"]})",
    R"({"id":"generate-1","images":["AAECAwQF","/+8=","Zg=="],"timing":{"total":12.5},"request":null})",
    "  \r\n\t{ \"images\" : [ \"AAEC\" ,\n \"Zm9v\" ] , \"id\" : \"x\" }\n ",
    R"({"id":"late","request":{"data":{"seed":7}},"images":["AAEC"]})",
    R"({"images":["\/\/\/\/\/+8="],"id":"escaped slashes"})",
    R"({"images":["\u002f\u002F\u002b+","Zg\u003d\u003d"],"id":"as encoders write it that escape more than they must"})",
    R"({"images":["AAEC"],"request":{"images":["no","base64!"],"more":[{"images":["neither"]}]},"id":"nested names"})",
    R"({"request":{"images":["no","base64!"]},"images":["AAEC"],"id":"nested names first"})",
    R"({"list":["images",["images"],{"images":"images"}],"images":["AAEC"],"id":"images"})",
    R"({"note":"\"images\":[\"AAAA\"]","images":["AAEC"],"id":"a string that looks like it"})",
    R"({"note":"images","other":["no base64!"],"images":["AAEC"],"id":"value before a list"})",
    R"({"id":"\u00e9\ud83d\ude00 \\ \" \n","images":["AAEC"]})",
    "{\"id\":\"\xC3\xA9\xF0\x9F\x98\x80\",\"images\":[\"AAEC\"],\"brackets\":\"]}[{\"}",
    R"({"images":[""],"id":"an empty image is for the caller to judge"})",
    R"({"images":["AAEC"],"imagesX":["no base64!"],"image":["neither"],"Images":["nor this"],"id":"similar names"})",
    R"({"im\u0061ges":["AAEC"],"id":"an escape in the name"})",
    R"({"\u0069\u006D\u0061\u0067\u0065\u0073":["AAEC"],"id":"a name of escapes only"})",
    R"({"im\\u0061ges":["no base64!"],"im\u0041ges":["neither"],"images\n":["nor this"],"im\/ages":[1],"images":["AAEC"],"id":"similar escapes"})",
    R"({"images\u0061":["no base64!"],"\u0069mages":["AAEC"],"id":"escapes at the ends"})",
    R"({"request":{"im\u0061ges":["no base64!"]},"images":["AAEC"],"id":"a nested escape"})",
};

void reads_valid_answers_like_a_plain_parser(void**) {
    for (const std::string& text : valid_answers) {
        const Outcome outcome = decode_whole_and_in_pieces(text);
        if (outcome.status != VENICE_OK) {
            fail_msg("%s: %s", text.c_str(), outcome.message.c_str());
        }
        assert_true(outcome == reference(text));
        assert_false(outcome.images.empty());
    }
}

void text_that_cannot_be_read_costs_no_image(void**) {
    const std::pair<std::string_view, std::string_view> texts[] = {
        {"a\\u0000b", "a\xEF\xBF\xBD" "b"}, {"a\\\\u0000b", "a\\u0000b"}, {"\\\\\\u0000", "\\\xEF\xBF\xBD"}, {"a\xFF" "b", "a\xEF\xBF\xBD" "b"},
        {"\\u0000\xC3", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (const auto& [written, read] : texts) {
        const Outcome outcome = decode_whole_and_in_pieces(R"({"images":["AAAA"],"id":")" + std::string(written) + "\"}");
        assert_int_equal(outcome.status, VENICE_OK);
        assert_int_equal(outcome.images.size(), 1);
        expect_text(outcome.id, std::string(read));
    }
}

void every_truncation_is_incomplete(void**) {
    for (const std::string& text : valid_answers) {
        const std::size_t end = text.find_last_of('}');
        for (std::size_t length = 0; length <= end; ++length) {
            const Outcome outcome = decode({std::string_view(text).substr(0, length)});
            if (outcome.status != VENICE_ERROR_INCOMPLETE_RESPONSE) {
                fail_msg("%d for %s", outcome.status, text.substr(0, length).c_str());
            }
        }
    }
}

void refuses_answers_without_images(void**) {
    for (const std::string_view text : {R"({})", R"({"images":[]})", R"({"images":null})", R"({"images":"AAEC"})", R"({"images":{"0":"AAEC"}})",
                                        R"({"id":"x","request":{"images":["AAEC"]}})", R"({"images":{"images":["AAEC"]}})"}) {
        const Outcome outcome = decode_whole_and_in_pieces(text);
        assert_int_equal(outcome.status, VENICE_ERROR_MALFORMED_RESPONSE);
        expect_contains(outcome.message, "has no images");
    }
}

void refuses_images_that_are_no_text(void**) {
    for (const std::string_view text :
         {R"({"images":[1]})", R"({"images":[null]})", R"({"images":["AAEC",null]})", R"({"images":[["AAEC"]]})", R"({"images":[{"b64":"AAEC"}]})",
          R"({"images":[["AAEC"],"AAEC"]})", R"({"images":[true,"AAEC"]})"}) {
        const Outcome outcome = decode_whole_and_in_pieces(text);
        assert_int_equal(outcome.status, VENICE_ERROR_MALFORMED_RESPONSE);
        expect_contains(outcome.message, "something else than images");
    }
}

// Which of the lists is meant nobody can know, but that every image in them was paid for.
void takes_the_images_of_every_list(void**) {
    const std::vector<Bytes> one = {bytes_of("foo")};
    const std::vector<Bytes> both = {bytes_of("foo"), bytes_of("bar")};
    const std::pair<std::string_view, std::vector<Bytes>> cases[] = {
        {R"({"images":["Zm9v"],"images":["YmFy"]})", both},
        {R"({"images":["Zm9v","YmFy"],"images":[]})", both},
        {R"({"images":[],"images":["Zm9v","YmFy"]})", both},
        {R"({"images":["Zm9v"],"id":"x","im\u0061ges":["YmFy"]})", both},
        {R"({"images":null,"images":["Zm9v"]})", one},
        {R"({"images":["Zm9v"],"images":{"0":"YmFy"}})", one},
    };
    for (const auto& [text, images] : cases) {
        const Outcome outcome = decode_whole_and_in_pieces(text);
        if (outcome.status != VENICE_OK || outcome.images != images) {
            fail_msg("%s: %zu images, %s", text.data(), outcome.images.size(), outcome.message.c_str());
        }
    }
}

void refuses_several_lists_with_something_wrong(void**) {
    for (const std::string_view text : {R"({"images":["Zm9v"],"images":["A"]})", R"({"images":["Zm9v"],"images":[1]})", R"({"images":[1],"images":["Zm9v"]})",
                                        R"({"images":[],"images":[]})", R"({"images":["Zm9v",["YmFy"]],"images":[]})"}) {
        assert_int_equal(decode_whole_and_in_pieces(text).status, VENICE_ERROR_MALFORMED_RESPONSE);
    }
}

void refuses_wrong_base64(void**) {
    for (const std::string_view text :
         {R"({"images":["A*EC"]})", R"({"images":["AAE"]})", R"({"images":["AA=C"]})", R"({"images":["=AEC"]})", R"({"images":["AAEC "]})",
          R"({"images":["AA\nC"]})", R"({"images":["AA\"C"]})", R"({"images":["\u00e9AEC"]})", R"({"images":["\u0041AEC","\u00zz"]})",
          R"({"images":["AAEC\\"]})", R"({"images":["data:image/png;base64,AAEC"]})", R"({"images":["\u012fAEC"]})"}) {
        const Outcome outcome = decode_whole_and_in_pieces(text);
        assert_int_equal(outcome.status, VENICE_ERROR_MALFORMED_RESPONSE);
        expect_contains(outcome.message, "base64");
    }
}

void says_which_image_is_wrong(void**) {
    expect_contains(decode({R"({"images":["AAEC","!"]})"}).message, "image 2 ");
    expect_contains(decode({R"({"images":["AAEC","AAEC","A"]})"}).message, "image 3 ");
}

void refuses_what_is_not_json(void**) {
    for (const std::string_view text :
         {R"({"images":["AAEC"]}})", R"({"images":["AAEC"]} x)", R"({"images":["AAEC"],})", R"({"images":["AAEC" "AAEC"]})", R"({"images":["AAEC"],"n":01})",
          R"({images:["AAEC"]})", R"({"images":["AAEC"]}{"images":["AAEC"]})", R"({"images":["AAEC"],"id":"\x"})",
          "{\"images\":[\"AAEC\"],\"id\":\"\n\"}"}) {
        assert_int_equal(decode_whole_and_in_pieces(text).status, VENICE_ERROR_MALFORMED_RESPONSE);
    }
}

void names_a_web_page(void**) {
    for (const std::string_view text : {"<!DOCTYPE html><html><body>502</body></html>", " \r\n <html>", "<"}) {
        const Outcome outcome = decode_whole_and_in_pieces(text);
        assert_int_equal(outcome.status, VENICE_ERROR_MALFORMED_RESPONSE);
        expect_contains(outcome.message, "web page");
    }
}

void names_an_empty_answer(void**) {
    for (const std::string_view text : {"", " ", "\r\n"}) {
        const Outcome outcome = decode_whole_and_in_pieces(text);
        assert_int_equal(outcome.status, VENICE_ERROR_INCOMPLETE_RESPONSE);
        expect_contains(outcome.message, "empty");
    }
}

void takes_a_binary_answer_as_it_is(void**) {
    using namespace std::string_view_literals;  // which keep the NULs
    for (const std::string_view text : {"\x89PNG\r\n\x1A\n\0\0 {\"images\":[]} <html>"sv, "\xFF\xD8\xFF\xE0"sv, "RIFF\0\0\0\0WEBP  \n "sv, "\0\n"sv}) {
        const Outcome outcome = decode_whole_and_in_pieces(text);
        assert_int_equal(outcome.status, VENICE_OK);
        assert_int_equal(outcome.images.size(), 1);
        assert_true(outcome.images[0] == bytes_of(text));
    }
}

void white_space_before_the_answer_never_matters(void**) {
    const Outcome outcome = decode_whole_and_in_pieces(" \n\xFF\xD8\xFF");
    assert_true(outcome.images == std::vector<Bytes>{bytes_of("\xFF\xD8\xFF")});
}

void bounds_what_it_keeps_besides_images(void**) {
    const std::string megabyte(1U << 20, 'x');
    const venice::ErrorInfo error = error_of([&] {
        GenerateDecoder decoder;
        decoder.feed("{\"note\":\"");
        for (int i = 0; i < 64; ++i) {
            decoder.feed(megabyte);
        }
    });
    assert_int_equal(error.status, VENICE_ERROR_MALFORMED_RESPONSE);
}

void takes_images_larger_than_that(void**) {
    const std::string megabyte(1U << 20, 'A');
    GenerateDecoder decoder;
    decoder.feed("{\"images\":[\"");
    for (int i = 0; i < 24; ++i) {
        decoder.feed(megabyte);
    }
    decoder.feed("\"]}");
    assert_int_equal(decoder.finish().images.front()->size(), (24U << 20) / 4 * 3);
}

// While the text arrives character by character: what is there of an image is right, does not move, and is complete as soon as its quote is closed.
void images_can_be_read_while_they_arrive(void**) {
    const std::string_view text = R"({"images":["AAECAwQF","\u002f+8=","Zg=="],"id":"x"})";
    const std::vector<Bytes> expected = reference(text).images;
    const std::size_t closing_quotes[] = {text.find("\",\"\\u"), text.find("\",\"Zg"), text.find("\"]")};
    GenerateDecoder decoder(text.size());
    std::vector<const std::uint8_t*> starts;
    for (std::size_t i = 0; i < text.size(); ++i) {
        decoder.feed(text.substr(i, 1));
        const auto& images = decoder.images();
        for (std::size_t number = 0; number < images.size(); ++number) {
            if (number == starts.size()) {
                starts.push_back(images[number]->data());
            }
            const Bytes so_far = bytes_of(*images[number]);
            assert_ptr_equal(images[number]->data(), starts[number]);
            assert_true(so_far.size() <= expected[number].size() && std::equal(so_far.begin(), so_far.end(), expected[number].begin()));
            assert_int_equal(images[number]->complete(), i >= closing_quotes[number]);
        }
    }
    const auto images = decoder.finish().images;
    for (std::size_t number = 0; number < images.size(); ++number) {
        assert_ptr_equal(images[number]->data(), starts[number]);
        assert_true(bytes_of(*images[number]) == expected[number]);
    }
}

void bounds_the_number_of_images(void**) {
    std::string text = R"({"images":[")";
    for (int i = 0; i < 1000; ++i) {
        text += R"(","AAEC)";
    }
    assert_int_equal(decode({text + R"("]})"}).status, VENICE_ERROR_MALFORMED_RESPONSE);
}

// Long enough for every way through the vector code, cut at every byte; and each single character of it replaced.
void long_images_are_like_short_ones(void**) {
    std::string base64;
    for (std::size_t i = 0; i < 300; ++i) {
        base64 += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[(i * 29 + i / 7) % 64];
    }
    const std::string text = R"({"images":[")" + base64 + R"(","AAE="],"id":"long"})";
    assert_true(decode_whole_and_in_pieces(text) == reference(text));
    for (std::size_t i = 0; i < base64.size(); ++i) {
        std::string wrong = text;
        wrong[12 + i] = '-';
        assert_int_equal(decode({wrong}).status, VENICE_ERROR_MALFORMED_RESPONSE);
        std::string escaped = text;
        escaped.replace(12 + i, 1, "\\u00" + std::string(1, "0123456789abcdef"[text[12 + i] >> 4]) + "0123456789abcdef"[text[12 + i] & 15]);
        assert_true(decode({escaped}) == reference(text));
    }
}

// As a length that the server made up, or more bytes than it told.
void without_room_there_is_no_image(void**) {
    const auto has_room = [](std::size_t most, std::size_t bytes) {
        try {
            venice::ImageBytes image(most);
            image.append(std::string(bytes, 'x'));
            return true;
        } catch (const std::bad_alloc&) {
            return false;
        }
    };
    assert_true(has_room(1000, 1000) && has_room(std::size_t{1} << 30, 1000));
    assert_false(has_room(std::numeric_limits<std::size_t>::max(), 0));
    assert_false(has_room(std::numeric_limits<std::size_t>::max() / 4, 0));
    assert_false(has_room(1000, 1'000'000));
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(reads_valid_answers_like_a_plain_parser),
        cmocka_unit_test(text_that_cannot_be_read_costs_no_image),
        cmocka_unit_test(every_truncation_is_incomplete),
        cmocka_unit_test(refuses_answers_without_images),
        cmocka_unit_test(refuses_images_that_are_no_text),
        cmocka_unit_test(takes_the_images_of_every_list),
        cmocka_unit_test(refuses_several_lists_with_something_wrong),
        cmocka_unit_test(refuses_wrong_base64),
        cmocka_unit_test(says_which_image_is_wrong),
        cmocka_unit_test(refuses_what_is_not_json),
        cmocka_unit_test(names_a_web_page),
        cmocka_unit_test(names_an_empty_answer),
        cmocka_unit_test(takes_a_binary_answer_as_it_is),
        cmocka_unit_test(white_space_before_the_answer_never_matters),
        cmocka_unit_test(bounds_what_it_keeps_besides_images),
        cmocka_unit_test(takes_images_larger_than_that),
        cmocka_unit_test(images_can_be_read_while_they_arrive),
        cmocka_unit_test(bounds_the_number_of_images),
        cmocka_unit_test(long_images_are_like_short_ones),
        cmocka_unit_test(without_room_there_is_no_image),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
