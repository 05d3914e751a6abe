#include "mapping/tile_program.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/quantity.h"

namespace lutetia {

__extension__ using WideShare = unsigned __int128;

std::uint64_t ByteShare::take(std::uint64_t volume) {
  done_ += volume;
  const auto until = static_cast<std::uint64_t>(WideShare(bytes_) * done_ / volume_);
  const std::uint64_t share = until - given_;
  given_ = until;
  if (done_ >= volume_) done_ -= volume_, given_ -= bytes_;  // the next pass has begun, perhaps in the middle of a take
  return share;
}

TileProgram::TileProgram(const Trace& trace, const MachineShape& machine, Problems& problems)
    : trace_(trace),
      group_length_(machine.matrix.group_length),
      plans_(trace.operators.size()),
      traffic_(trace.operators.size()),
      last_store_(trace.operators.size()) {
  std::unordered_map<std::uint64_t, std::uint32_t> index_of;
  std::set<std::string> reported;
  for (std::uint32_t i = 0; i < trace.operators.size(); ++i) {
    const Operator& op = trace.operators[i];
    index_of[op.id] = i;
    MappingFault fault;
    if (!plan_operator(op, machine, plans_[i], fault) && reported.insert(fault.why).second)
      problems.add({}, fault.key, "operator " + op.name + " does not fit: " + fault.why);
    after_begin_.push_back(after_.size());
    for (const std::uint64_t id : op.after) after_.push_back(index_of.at(id));
  }
  after_begin_.push_back(after_.size());
  if (machine.matrix.fused.present) fuse_tables(machine, problems);
  if (machine.attention.present) lay_out_caches(machine);
  place_tensors();
}

/// Tables that the matrix unit fetches are written, in place of the activations, by whatever made these: its results
/// become tables (both, if another operator wants the activations), at a cost in lane operations.
void TileProgram::fuse_tables(const MachineShape& machine, Problems& problems) {
  const MatrixUnitShape& matrix = machine.matrix;
  std::unordered_map<std::string, std::size_t> writers;  // of a tensor: the newest operator, as names recur by step
  std::vector<bool> wanted_raw(plans_.size());
  std::vector<std::uint64_t> table_bytes(plans_.size());
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const Product& p = plans_[i].shape;
    for (const TensorUse& tensor : trace_.operators[i].tensors) {
      const auto writer = writers.find(tensor.name);
      if (tensor.role == Role::kOutput) writers[tensor.name] = i;
      if (tensor.role != Role::kInput) continue;
      if (plans_[i].engine == Engine::kMatrix)
        table_bytes_[tensor.name] =
            std::max(table_bytes_[tensor.name], fused_bytes(trace_.operators[i], tensor, p, matrix));
      if (writer == writers.end()) continue;
      const std::size_t w = writer->second;
      if (plans_[i].engine != Engine::kMatrix) {
        wanted_raw[w] = true;
        continue;
      }
      if (plans_[w].engine == Engine::kMatrix) {
        problems.add({}, matrix.unit + ".table_placement",
                     "operator " + trace_.operators[w].name + " feeds the product " + trace_.operators[i].name +
                         " directly: no vector operator is there to build its tables");
        return;
      }
      table_bytes[w] = fused_bytes(trace_.operators[i], tensor, p, matrix);
      plans_[w].table_operations = p.m * ceil_div(p.k, matrix.group_length) * matrix.fused.group_operations;
    }
  }
  std::set<std::string> reported;
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    if (table_bytes[i] == 0) continue;
    OperatorPlan& plan = plans_[i];
    plan.output_bytes = table_bytes[i] + (wanted_raw[i] ? plan.output_bytes : 0);
    MappingFault fault;
    const bool fitted = !plan.product && plan.rows_per_tile > 0;  // without tables; else a problem already
    if (fitted && !fit_rows(machine, plan, fault) && reported.insert(fault.why).second)
      problems.add({}, fault.key, "tables of operator " + trace_.operators[i].name + " do not fit: " + fault.why);
  }
}

bool TileProgram::next(Instruction& instruction) {
  while (pending_next_ == pending_.size()) {
    pending_.clear();
    pending_next_ = 0;
    if (current_ == trace_.operators.size()) return false;
    if (!begun_) begin_operator();
    if (plans_[current_].engine == Engine::kAttention)
      attention_tile();
    else
      plans_[current_].product ? product_tile() : row_tile();
  }
  instruction = pending_[pending_next_++];
  return true;
}

Instruction& TileProgram::add(Engine engine) {
  Instruction& instruction = pending_.emplace_back();
  instruction.engine = engine;
  instruction.operator_index = static_cast<std::uint32_t>(current_);
  instruction.tile.operator_index = instruction.operator_index;
  ++issued_[static_cast<std::size_t>(engine)];
  return instruction;
}

void TileProgram::begin_operator() {
  const Operator& op = trace_.operators[current_];
  const OperatorPlan& plan = plans_[current_];
  begun_ = true;
  cursor_ = {};
  attention_cursor_ = {};
  rows_done_ = 0;
  results_stored_ = 0;
  for (std::size_t i = after_begin_[current_]; i < after_begin_[current_ + 1]; ++i)
    results_stored_ = std::max(results_stored_, last_store_[after_[i]]);
  const Product& p = plan.shape;
  if (plan.product) {
    stationary_.start(plan.stationary_bytes, p.batch * p.n * p.k);
    streaming_.start(plan.streaming_bytes, p.batch * p.m * p.k);
    output_.start(plan.output_bytes, p.batch * p.m * p.n);
    tables_.start(plan.table_operations, p.batch * p.m * p.n);
    work_.start(plan.work, p.batch * p.m * p.n * p.k);
  } else if (plan.engine != Engine::kAttention) {
    streaming_.start(plan.streaming_bytes, plan.rows);
    output_.start(plan.output_bytes, plan.rows);
    tables_.start(plan.table_operations, plan.rows);
  }
  bool first_input = true;
  for (const TensorUse& tensor : op.tensors) {
    const std::uint64_t address = addresses_.at(tensor.name);
    if (tensor.role == Role::kOutput || tensor.role == Role::kCacheWrite)
      output_address_ = address;
    else if (tensor.role == Role::kInput && first_input)
      streaming_address_ = address, first_input = false;
    else
      stationary_address_ = address;
  }
}

void TileProgram::place_tensors() {
  constexpr std::uint64_t kAlignment = 4096;
  std::unordered_map<std::string, std::uint64_t> sizes;
  std::vector<const std::string*> order;  // of first use
  for (const Operator& op : trace_.operators) {
    for (const TensorUse& tensor : op.tensors) {
      const std::uint64_t size =
          storage_bytes(*tensor.format, array_elements(op, tensor)) + scales(op, tensor) * kScaleBytes;
      const auto fused = table_bytes_.find(tensor.name);
      const auto cache = caches_.find(tensor.name);
      const std::uint64_t laid_out = cache != caches_.end()        ? cache->second.bytes(block_table_)
                                     : fused != table_bytes_.end() ? size + fused->second
                                                                   : 0;
      const auto [entry, fresh] = sizes.try_emplace(tensor.name, 0);
      if (fresh) order.push_back(&entry->first);
      entry->second = std::max({entry->second, size, laid_out});
    }
  }
  std::uint64_t next = 0;
  for (const std::string* name : order) {
    addresses_[*name] = next;
    if (const auto cache = caches_.find(*name); cache != caches_.end()) cache->second.base = next;
    next += ceil_div(sizes[*name], kAlignment) * kAlignment;
  }
  memory_bytes_ = next;
}

void TileProgram::wait_for_results(Instruction& instruction) const {
  instruction.wait_for(Event::kStoreDone, results_stored_);
}

/// Adds a load into the next slot; it waits until the tile that used this slot last has been read, and until the
/// results of the tile before that are out (scales are read by the epilogue after the operands; they have one slot
/// more). Returns the count of loads to wait for.
std::uint64_t TileProgram::load(std::uint64_t address, std::uint64_t bytes, SlotHistory& slots, Event read, Event done,
                                bool depends_on_results) {
  Instruction& instruction = add(Engine::kLoad);
  instruction.address = address;
  instruction.bytes = bytes;
  slots.begin_load();
  instruction.wait_for(read, slots.last_use(kBufferSlots));
  instruction.wait_for(done, slots.last_use(kBufferSlots + 1));
  if (depends_on_results) wait_for_results(instruction);
  return issued_[static_cast<std::size_t>(Engine::kLoad)];
}

void TileProgram::store(std::uint64_t bytes, Event computed, std::uint64_t tile) {
  Instruction& instruction = add(Engine::kStore);
  instruction.address = output_address_;
  instruction.bytes = bytes;
  traffic_[current_].written += bytes;
  instruction.wait_for(computed, tile);
}

void TileProgram::product_tile() {
  const OperatorPlan& plan = plans_[current_];
  const Product& p = plan.shape;
  const ProductTiling& t = plan.tiling;
  const bool matrix = plan.engine == Engine::kMatrix;
  const Event read = matrix ? Event::kMatrixRead : Event::kVectorRead;
  const Event done = matrix ? Event::kMatrixDone : Event::kVectorDone;
  Buffers& buffers = matrix ? matrix_ : vector_;
  const std::uint64_t m = std::min(t.m, p.m - cursor_.m), n = std::min(t.n, p.n - cursor_.n),
                      k = std::min(t.k, p.k - cursor_.k), b = std::min(t.batch, p.batch - cursor_.batch);
  // The second operand of attention is a cache or an activation: it waits for its writers; weights do not.
  const bool weights_are_results = !matrix && find_tensor(trace_.operators[current_], Role::kWeight) == nullptr;

  std::uint64_t loads = 0;
  const std::uint64_t weights_key = (cursor_.batch * p.n + cursor_.n) * p.k + cursor_.k;
  if (weights_key != cursor_.weights_key) {
    const std::uint64_t size = stationary_.take(b * n * k);
    loads = load(stationary_address_, size, buffers.weights, read, done, weights_are_results);
    traffic_[current_].stationary += size;
    cursor_.weights_key = weights_key;
  }
  const std::uint64_t activations_key = (cursor_.batch * p.m + cursor_.m) * p.k + cursor_.k;
  if (activations_key != cursor_.activations_key) {
    const std::uint64_t size = streaming_.take(b * m * k);
    loads = load(streaming_address_, size, buffers.activations, read, done, true);
    traffic_[current_].streaming += size;
    cursor_.activations_key = activations_key;
  }

  Instruction& compute = add(plan.engine);
  const std::uint64_t tile = issued_[static_cast<std::size_t>(plan.engine)];
  compute.wait_for(Event::kLoadDone, loads);
  compute.tile.op = plan.op;
  compute.tile.m0 = static_cast<std::uint32_t>(cursor_.m);
  compute.tile.n0 = static_cast<std::uint32_t>(cursor_.n);
  compute.tile.k0 = static_cast<std::uint32_t>(cursor_.k);
  compute.tile.m = static_cast<std::uint32_t>(m);
  compute.tile.n = static_cast<std::uint32_t>(n);
  compute.tile.k = static_cast<std::uint32_t>(k);
  compute.tile.b0 = static_cast<std::uint32_t>(cursor_.batch);
  compute.tile.b = static_cast<std::uint32_t>(b);
  compute.tile.scale_group =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(p.scale_group, ceil_div(k, group_length_) * group_length_));
  compute.tile.weights = plan.weights;
  compute.tile.fill = matrix && cursor_.k > 0;
  compute.tile.work = work_.take(b * m * n * k);
  buffers.weights.used_by(tile);
  buffers.activations.used_by(tile);
  if (cursor_.k == 0) {  // takes an output slot that a store must have emptied
    buffers.outputs.begin_load();
    compute.wait_for(Event::kStoreDone, buffers.outputs.last_use(kBufferSlots));
  } else if (matrix) {
    compute.wait_for(done, tile - 1);  // the fill stream reads what the previous K tile wrote
  }
  if (cursor_.k + k == p.k) {
    if (plan.table_operations > 0) compute.tile.table_operations = tables_.take(b * m * n);
    store(output_.take(b * m * n), done, tile);
    buffers.outputs.used_by(issued_[static_cast<std::size_t>(Engine::kStore)]);
  }
  if (!advance_product()) finish_operator();
}

void TileProgram::finish_operator() {
  last_store_[current_++] = issued_[static_cast<std::size_t>(Engine::kStore)];
  begun_ = false;
}

bool TileProgram::advance_product() {
  const OperatorPlan& plan = plans_[current_];
  const Product& p = plan.shape;
  const ProductTiling& t = plan.tiling;
  const auto step = [](std::uint64_t& at, std::uint64_t tile, std::uint64_t end) {
    at += tile;
    if (at < end) return true;
    at = 0;
    return false;
  };
  if (step(cursor_.k, t.k, p.k)) return true;
  if (t.order == TileOrder::kWeightsStay) {
    if (step(cursor_.m, t.m, p.m) || step(cursor_.n, t.n, p.n)) return true;
  } else {
    if (step(cursor_.n, t.n, p.n) || step(cursor_.m, t.m, p.m)) return true;
  }
  return step(cursor_.batch, t.batch, p.batch);
}

void TileProgram::row_tile() {
  const OperatorPlan& plan = plans_[current_];
  const std::uint64_t rows = std::min(plan.rows_per_tile, plan.rows - rows_done_);
  const std::uint64_t constants = rows_done_ == 0 ? plan.constant_bytes : 0;
  const std::uint64_t inputs = streaming_.take(rows);
  traffic_[current_].stationary += constants;
  traffic_[current_].streaming += inputs;
  const std::uint64_t loads = load(streaming_address_, inputs + constants, vector_rows_.activations, Event::kVectorDone,
                                   Event::kVectorDone, true);
  // Constants stay for the whole operator: those of the one before must have been used up.
  if (constants > 0) pending_.back().wait_for(Event::kVectorDone, issued_[static_cast<std::size_t>(Engine::kVector)]);
  Instruction& compute = add(Engine::kVector);  // good until the next add
  const std::uint64_t tile = issued_[static_cast<std::size_t>(Engine::kVector)];
  compute.wait_for(Event::kLoadDone, loads);
  compute.tile.op = plan.op;
  compute.tile.m0 = static_cast<std::uint32_t>(rows_done_);
  compute.tile.m = static_cast<std::uint32_t>(rows);
  compute.tile.n = static_cast<std::uint32_t>(plan.row_length);
  compute.tile.k = 1;
  vector_rows_.activations.used_by(tile);
  vector_rows_.outputs.begin_load();
  compute.wait_for(Event::kStoreDone, vector_rows_.outputs.last_use(kBufferSlots));
  if (plan.table_operations > 0) compute.tile.table_operations = tables_.take(rows);
  store_rows(rows_done_, rows, tile);
  vector_rows_.outputs.used_by(issued_[static_cast<std::size_t>(Engine::kStore)]);
  rows_done_ += rows;
  if (rows_done_ == plan.rows) finish_operator();
}

}  // namespace lutetia
