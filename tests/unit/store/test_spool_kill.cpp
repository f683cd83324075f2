// SPDX-License-Identifier: MIT
// A process that works with the spool is killed at each of its changes of the disk in turn; then nothing paid is lost, and nothing is
// listed twice. The argument is the helper that is killed.
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <set>
#include <sstream>

#include "store_fixture.hpp"

using namespace venice_gimp;

namespace {

std::string helper;

struct Story {
    std::map<ImageReference, std::string> last_words;  // about each image
    bool ended = false;
    bool killed = false;
};

Story tell(std::FILE* output) {
    Story story;
    std::array<char, 256> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), output) != nullptr) {
        std::istringstream words(line.data());
        std::string word;
        ImageReference image;
        words >> word >> image.run_id >> image.index;
        if (word == "end") {
            story.ended = true;
        } else {
            story.last_words[image] = word;
        }
    }
    return story;
}

Story run_helper(const std::string& folder, int calls) {
    std::array<int, 2> ends{};
    assert_int_equal(pipe(ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(helper.c_str(), helper.c_str(), folder.c_str(), std::to_string(calls).c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    close(ends[1]);
    std::FILE* output = fdopen(ends[0], "r");
    Story story = tell(output);
    std::fclose(output);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    story.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    assert_true(story.killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return story;
}

using Offered = std::map<ImageReference, ImageRecord>;

Offered offered_by(RunFiles& files) {
    Offered offered;
    for (const RunRecord& run : files.adopt()) {
        for (std::size_t i = 0; i < run.images.size(); ++i) {
            if (run.images[i].open) {
                assert_true(offered.emplace(ImageReference{run.id, i}, run.images[i]).second);
            }
        }
    }
    return offered;
}

void check(RunFiles& files, const Offered& offered, const ImageReference& image, const std::string& last_words) {
    const auto found = offered.find(image);
    const bool is_offered = found != offered.end();
    const bool is_paid = is_offered && found->second.state == RecordState::done;
    if (is_paid) {
        assert_int_equal(files.read_file(image).size(), 5000 + image.index);
    }
    if (last_words == "noted") {
        assert_true(is_paid || (is_offered && found->second.state == RecordState::interrupted));
    } else if (last_words == "put") {
        assert_true(is_paid);
    } else if (last_words == "settling" || last_words == "discarding") {
        assert_true(is_paid || !is_offered);
    } else {
        assert_false(is_offered);
    }
}

void nothing_paid_is_lost_and_nothing_listed_twice(void**) {
    int calls = 0;
    Story story;
    do {
        const TemporaryFolder folder;
        story = run_helper(folder / "store", ++calls);
        RunFiles files(folder / "store");
        const Offered offered = offered_by(files);
        for (const auto& [image, last_words] : story.last_words) {
            check(files, offered, image, last_words);
        }
        std::set<std::string> ids;
        for (const RunRecord& run : files.list()) {
            assert_true(ids.insert(run.id).second);
        }
        RunFiles other(folder / "store");
        assert_true(other.adopt().empty());
        // What was half done is no obstacle.
        other.put_image({other.add(run_of("fox", 1)), 0}, done_record(7), png_bytes());
        assert_int_equal(other.list().size(), ids.size() + 1);
    } while (story.killed);
    assert_true(story.ended);
    assert_true(calls > 50);
    print_message("# killed at %d points\n", calls - 1);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        return 2;
    }
    helper = argv[1];
    const CMUnitTest tests[] = {
        cmocka_unit_test(nothing_paid_is_lost_and_nothing_listed_twice),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
