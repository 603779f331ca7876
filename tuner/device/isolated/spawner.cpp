#include "device/isolated/spawner.h"

#include <utility>

namespace evotune {

Spawner::Spawner(WorkerCommand command)
    : command_(std::move(command)), thread_([this] { serve_orders(); }) {}

Spawner::~Spawner() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::unique_ptr<WorkerProcess> Spawner::spawn() {
  Order order([this] { return WorkerProcess::start(command_); });
  std::future<std::unique_ptr<WorkerProcess>> worker = order.get_future();
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back(std::move(order));
  }
  changed_.notify_one();
  return worker.get();
}

void Spawner::serve_orders() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closing_ || !orders_.empty(); });
    if (orders_.empty()) return;
    Order order = std::move(orders_.front());
    orders_.pop_front();
    lock.unlock();
    order();
    lock.lock();
  }
}

}  // namespace evotune
