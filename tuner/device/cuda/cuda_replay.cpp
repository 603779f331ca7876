#include "device/cuda/cuda_replay.h"

namespace evotune {
namespace {

/// A stream that records what is put into it. Left early, it is a stream again.
class Capture {
 public:
  explicit Capture(const CudaContext& context) : context_(context) {
    context.check(
        context.call().stream_begin_capture(context.stream(), CudaCaptureMode::thread_local_),
        "recording launches");
  }
  ~Capture() {
    CudaGraph graph = nullptr;
    if (!ended_) (void)context_.call().stream_end_capture(context_.stream(), &graph);
    if (graph != nullptr) (void)context_.call().graph_destroy(graph);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  CudaGraph end() {
    CudaGraph graph = nullptr;
    ended_ = true;
    context_.check(context_.call().stream_end_capture(context_.stream(), &graph),
                   "recording launches");
    return graph;
  }

 private:
  const CudaContext& context_;
  bool ended_ = false;
};

}  // namespace

CudaReplay::CudaReplay(const CudaContext& context, const std::function<void()>& enqueue)
    : context_(context) {
  Capture capture(context);
  enqueue();
  const CudaGraph graph = capture.end();
  const CudaResult made = context.call().graph_instantiate_with_flags(&exec_, graph, 0);
  (void)context.call().graph_destroy(graph);
  context.check(made, "making a graph of launches");
  context.check(context.call().graph_upload(exec_, context.stream()), "making a graph of launches");
}

CudaReplay::~CudaReplay() { (void)context_.call().graph_exec_destroy(exec_); }

void CudaReplay::start() const {
  context_.check(context_.call().graph_launch(exec_, context_.stream()), "starting a graph");
}

}  // namespace evotune
