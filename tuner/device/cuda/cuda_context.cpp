#include "device/cuda/cuda_context.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>
#include <utility>

namespace evotune {
namespace {

constexpr Seconds spun = 2e-3;  // longer waits leave the core to others
constexpr std::chrono::microseconds nap(50);

}  // namespace

CudaContext::CudaContext(std::shared_ptr<const CudaDriver> driver, int ordinal)
    : driver_(std::move(driver)), clocks_(driver_->pci_bus_id(ordinal)) {
  check(call().device_get(&gpu_, ordinal), "looking for the GPU");
  shared_bytes_optin_ =
      driver_->attribute(CudaDeviceAttribute::max_shared_memory_per_block_optin, ordinal);
  flushed_bytes_ =
      2 * static_cast<std::size_t>(driver_->attribute(CudaDeviceAttribute::l2_cache_size, ordinal));
  check(call().device_total_mem(&total_bytes_, gpu_), "asking for the GPU's memory");
  CudaContextHandle context = nullptr;
  check(call().device_primary_ctx_retain(&context, gpu_), "opening the GPU");
  check(call().ctx_set_current(context), "opening the GPU");
  check(call().stream_create(&stream_, cuda_stream_non_blocking), "opening the GPU");
}

CudaContext::~CudaContext() {
  if (flushed_ != 0) (void)call().mem_free(flushed_);
  (void)call().stream_destroy(stream_);
  (void)call().device_primary_ctx_release(gpu_);
}

void CudaContext::flush() {
  if (flushed_bytes_ == 0) return;
  if (flushed_ == 0)
    check(call().mem_alloc(&flushed_, flushed_bytes_), "making room to flush the cache");
  check(call().memset_d8_async(flushed_, 0, flushed_bytes_, stream_), "flushing the cache");
}

void CudaContext::forget_persisting_lines() {
  if (!has_persisting_l2_) return;
  const CudaResult reset = call().ctx_reset_persisting_l2_cache();
  if (ends_context(reset)) check(reset, "flushing the cache");
  has_persisting_l2_ = reset == CudaResult::success;  // not before sm_80
}

void CudaContext::synchronise() const {
  check(call().stream_synchronize(stream_), "running the kernel");
  check(call().ctx_synchronize(), "running the kernel");
}

void CudaContext::wait(CudaEvent event, Seconds limit) const {
  const Seconds begun = monotonic_seconds();
  for (;;) {
    const CudaResult state = call().event_query(event);
    if (state == CudaResult::success) return;
    if (state != CudaResult::not_ready) check(state, "running the kernel");
    const Seconds waited = monotonic_seconds() - begun;
    if (waited > limit)
      throw DeviceSpent({Stage::timeout, fmt::format("still running after {:.3g} s", limit)});
    if (waited > spun) std::this_thread::sleep_for(nap);
  }
}

CudaMemory::CudaMemory(const CudaContext& context, std::size_t bytes) : context_(context) {
  const std::string act = fmt::format("allocating {} bytes", bytes);
  context.check(context.call().mem_alloc(&address_, bytes), act.c_str());
}

CudaMemory::~CudaMemory() { (void)context_.call().mem_free(address_); }

CudaEvents::~CudaEvents() {
  for (const CudaEvent event : events_) (void)context_.call().event_destroy(event);
}

void CudaEvents::make_room(std::size_t count) {
  while (events_.size() < count) {
    CudaEvent event = nullptr;
    context_.check(context_.call().event_create(&event, 0), "making an event");
    events_.push_back(event);
  }
}

void CudaEvents::record(std::size_t index) {
  context_.check(context_.call().event_record(events_.at(index), context_.stream()),
                 "running the kernel");
}

Seconds CudaEvents::between(std::size_t earlier, std::size_t later) const {
  float milliseconds = 0;
  context_.check(
      context_.call().event_elapsed_time(&milliseconds, events_.at(earlier), events_.at(later)),
      "taking the time");
  return static_cast<double>(milliseconds) * 1e-3;
}

}  // namespace evotune
