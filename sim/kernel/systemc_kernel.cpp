#include "kernel/systemc_kernel.h"

#include <algorithm>
#include <map>
#include <utility>

#include "kernel/clocked_module.h"

namespace lutetia {
namespace {

using Activated = std::function<void()>;

/// A level of the hierarchy: the modules of blocks whose names share a prefix. SystemC names a module by the
/// constructor it is created in, so a level creates what is below it in its own constructor.
class Group final : public sc_core::sc_module {
 public:
  using Named = std::pair<std::string, Clocked*>;  ///< name below this level, e.g. "dma.load"

  Group(const sc_core::sc_module_name& name, const std::vector<Named>& blocks, const Activated& activated,
        std::vector<ClockedModule*>& modules)
      : sc_module(name) {
    std::map<std::string, std::vector<Named>> groups;
    for (const auto& [path, block] : blocks) {
      const std::size_t dot = path.find('.');
      if (dot != std::string::npos) {
        groups[path.substr(0, dot)].emplace_back(path.substr(dot + 1), block);
        continue;
      }
      blocks_.push_back(std::make_unique<ClockedModule>(path.c_str(), *block, activated));
      modules.push_back(blocks_.back().get());
    }
    for (const auto& [group, members] : groups)
      groups_.push_back(std::make_unique<Group>(group.c_str(), members, activated, modules));
  }

 private:
  std::vector<std::unique_ptr<Group>> groups_;
  std::vector<std::unique_ptr<ClockedModule>> blocks_;
};

}  // namespace

struct SystemcKernel::Impl {
  std::string name;
  std::vector<Group::Named> added;
  std::unique_ptr<Group> top;  ///< built when the run starts
  std::vector<ClockedModule*> modules;
  std::uint64_t activations = 0;
  const std::function<bool()>* finished = nullptr;
  const std::function<bool()>* interrupted = nullptr;
  bool work_done = false;

  void activated() {
    ++activations;
    if (work_done) return;
    work_done = (*finished)();
    if (work_done || (*interrupted)()) sc_core::sc_stop();
  }
  /// Runs until stopped or until no event is left. What a user's own process did last, no block has seen.
  void simulate() {
    sc_core::sc_start();
    work_done = work_done || (*finished)();
  }
  /// As the blocks were added, so that a report does not depend on the hierarchy.
  void order_modules() {
    std::map<const Clocked*, std::size_t> place;
    for (const auto& [name_below, block] : added) place.emplace(block, place.size());
    std::sort(modules.begin(), modules.end(), [&](const ClockedModule* a, const ClockedModule* b) {
      return place.at(&a->core()) < place.at(&b->core());
    });
  }
  std::vector<Clocked*> blocks() const {
    std::vector<Clocked*> out;
    for (const ClockedModule* m : modules) out.push_back(&m->core());
    return out;
  }
  std::vector<Cycle> last() const {
    std::vector<Cycle> out;
    for (const ClockedModule* m : modules) out.push_back(m->last());
    return out;
  }
};

SystemcKernel::SystemcKernel(const std::string& top) : impl_(std::make_unique<Impl>()) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  sc_core::sc_set_stop_mode(sc_core::SC_STOP_FINISH_DELTA);
  sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_DO_NOTHING);
  impl_->name = top;
}

SystemcKernel::~SystemcKernel() = default;

void SystemcKernel::add(Clocked& block) {
  impl_->added.emplace_back(block.name(), &block);
}

RunOutcome SystemcKernel::run(const std::function<bool()>& finished, const std::function<bool()>& interrupted) {
  impl_->finished = &finished;
  impl_->interrupted = &interrupted;
  RunOutcome outcome;
  if (finished()) return outcome;
  impl_->top = std::make_unique<Group>(
      impl_->name.c_str(), impl_->added, [impl = impl_.get()] { impl->activated(); }, impl_->modules);
  impl_->order_modules();
  for (ClockedModule* module : impl_->modules) module->start();
  impl_->simulate();
  outcome.activations = impl_->activations;
  if (impl_->work_done) return outcome;
  if (interrupted()) {
    outcome.status = RunStatus::kInterrupted;
    return outcome;
  }
  outcome.status = RunStatus::kDeadlock;
  std::vector<ChannelBase*> full;
  outcome.deadlock = diagnose_deadlock(impl_->blocks(), impl_->last(), full);
  DepthSearch search(outcome.deadlock);
  std::uint64_t time = outcome.deadlock.femtoseconds;
  while (!impl_->work_done && search.deepen(full, time)) {
    impl_->simulate();
    if (!impl_->work_done) time = diagnose_deadlock(impl_->blocks(), impl_->last(), full).femtoseconds;
  }
  search.finished(impl_->work_done);
  return outcome;
}

}  // namespace lutetia
