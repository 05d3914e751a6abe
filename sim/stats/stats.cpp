#include "stats/stats.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace lutetia {
namespace {

void check_name(const std::string& name) {
  const bool blank = name.find_first_of(". \t\n") != std::string::npos;
  if (name.empty() || blank) throw std::logic_error("a statistic's name must be a word without dots: \"" + name + "\"");
}

HistogramData buckets_of(const std::string& name, std::uint64_t width, std::size_t buckets) {
  if (width == 0 || buckets == 0) throw std::logic_error("histogram " + name + " needs buckets");
  HistogramData data;
  data.width = width;
  data.buckets.resize(buckets + 1);
  return data;
}

void collect(const StatGroup& group, const std::string& prefix, Snapshot& out) {
  for (const Stat* stat : group.stats()) out.values.emplace(prefix + stat->name(), stat->read());
  for (const StatGroup* below : group.groups()) collect(*below, prefix + below->name() + ".", out);
}

}  // namespace

// ---- Stat ----

Stat::Stat(StatGroup& group, std::string name, Unit unit, std::string text)
    : group_(&group), name_(std::move(name)), unit_(unit), text_(std::move(text)) {
  check_name(name_);
  if (text_.empty()) throw std::logic_error("statistic " + name_ + " needs a text");
  group.check_new_name(name_);
  group.stats_.push_back(this);
}

Stat::~Stat() {
  if (!group_) return;  // the group went first
  auto& stats = group_->stats_;
  stats.erase(std::find(stats.begin(), stats.end(), this));
}

StatValue Stat::described(StatValue::Kind kind) const {
  StatValue value;
  value.kind = kind;
  value.unit = unit_;
  value.text = text_;
  return value;
}

// ---- StatGroup ----

StatGroup::StatGroup(std::string name, StatGroup* parent) : name_(std::move(name)), parent_(parent) {
  check_name(name_);
  if (!parent_) return;
  parent_->check_new_name(name_);
  parent_->groups_.push_back(this);
}

StatGroup::~StatGroup() {
  for (Stat* stat : stats_) stat->group_ = nullptr;
  for (StatGroup* group : groups_) group->parent_ = nullptr;
  if (!parent_) return;
  auto& siblings = parent_->groups_;
  siblings.erase(std::find(siblings.begin(), siblings.end(), this));
}

std::string StatGroup::path() const {
  return parent_ ? parent_->path() + "." + name_ : name_;
}

void StatGroup::check_new_name(const std::string& name) const {
  bool taken = false;
  for (const Stat* stat : stats_) taken = taken || stat->name() == name;
  for (const StatGroup* group : groups_) taken = taken || group->name() == name;
  if (taken) throw std::logic_error("statistics group " + path() + " already has a \"" + name + "\"");
}

// ---- Counter, Histogram, Ratio ----

Counter::Counter(StatGroup& group, std::string name, Unit unit, std::string text)
    : Stat(group, std::move(name), unit, std::move(text)) {}

StatValue Counter::read() const {
  StatValue value = described(StatValue::Kind::kCounter);
  value.count = value_;
  return value;
}

Histogram::Histogram(StatGroup& group, std::string name, Unit unit, std::string text)
    : Stat(group, std::move(name), unit, std::move(text)) {}

Histogram::Histogram(StatGroup& group, std::string name, Unit unit, std::string text, std::uint64_t width,
                     std::size_t buckets)
    : Stat(group, std::move(name), unit, std::move(text)), data_(buckets_of(this->name(), width, buckets)) {}

StatValue Histogram::read() const {
  StatValue value = described(StatValue::Kind::kHistogram);
  value.histogram = data_;
  return value;
}

Ratio::Ratio(StatGroup& group, std::string name, Unit unit, std::string text, const Counter& numerator,
             const Counter& denominator)
    : Ratio(group, std::move(name), unit, std::move(text), std::vector<const Counter*>{&numerator},
            std::vector<const Counter*>{&denominator}) {}

Ratio::Ratio(StatGroup& group, std::string name, Unit unit, std::string text, std::vector<const Counter*> numerators,
             std::vector<const Counter*> denominators)
    : Stat(group, std::move(name), unit, std::move(text)),
      numerators_(std::move(numerators)),
      denominators_(std::move(denominators)) {}

StatValue Ratio::read() const {
  StatValue value = described(StatValue::Kind::kRatio);
  for (const Counter* counter : numerators_) value.numerator += counter->value();
  for (const Counter* counter : denominators_) value.denominator += counter->value();
  return value;
}

double Ratio::value() const {
  return read().number();
}

Snapshot snapshot(const StatGroup& group) {
  Snapshot out;
  collect(group, "", out);
  return out;
}

}  // namespace lutetia
