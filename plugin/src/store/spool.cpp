// SPDX-License-Identifier: MIT
#include "store/spool.hpp"

namespace venice_gimp {

Spool::Spool(std::shared_ptr<StoreThread> thread, SharedRunFiles files) : thread_(std::move(thread)), files_(std::move(files)) {}

void Spool::note(const RunRecord& run, OnStored<std::string> done) const {
    thread_->load<std::string>([files = files_, run] { return files->add(run); }, std::move(done));
}

void Spool::put_image(const ImageReference& image, const ImageRecord& record, FileBytes bytes, OnSaved done) const {
    thread_->save(
        [files = files_, image, record, bytes = std::move(bytes)] {
            files->put_image(image, record, bytes.get());
        },
        std::move(done));
}

void Spool::put_part(const ImageReference& image, FileBytes arrived, OnSaved done) const {
    thread_->save([files = files_, image, arrived = std::move(arrived)] { files->put_part(image, arrived.get()); }, std::move(done));
}

void Spool::settle(std::vector<ImageReference> images, OnSaved done) const {
    thread_->save([files = files_, images = std::move(images)] { files->settle(images); }, std::move(done));
}

void Spool::discard(std::vector<ImageReference> images, OnSaved done) const {
    thread_->save([files = files_, images = std::move(images)] { files->discard(images); }, std::move(done));
}

void Spool::adopt(OnStored<std::vector<RunRecord>> done) const {
    thread_->load<std::vector<RunRecord>>([files = files_] { return files->adopt(); }, std::move(done));
}

}  // namespace venice_gimp
