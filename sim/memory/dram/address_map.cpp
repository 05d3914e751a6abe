#include "memory/dram/address_map.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"

namespace lutetia {
namespace {

const std::vector<std::string>& field_names() {
  static const std::vector<std::string> names = {"row",    "rank",           "bank",   "bank_group",
                                                 "column", "pseudo_channel", "channel"};
  return names;
}

int field_index(const std::string& name) {
  const auto& names = field_names();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

/// Bits that count to `size`; the size may be any number for the most significant field.
std::uint8_t bits_for(std::uint32_t size) {
  std::uint8_t bits = 0;
  while ((std::uint64_t{1} << bits) < size) ++bits;
  return bits;
}

struct Item {
  int field = -1;
  int bits = -1;  ///< -1: all that are left
};

/// "column:3" or "column"; field -1 if it is neither.
Item parse_item(const std::string& text) {
  const std::size_t colon = text.find(':');
  Item item;
  item.field = field_index(text.substr(0, colon));
  if (colon == std::string::npos) return item;
  const std::string digits = text.substr(colon + 1);
  const bool number = !digits.empty() && digits.size() <= 2 && digits.find_first_not_of("0123456789") == digits.npos;
  if (!number) return {};
  item.bits = std::stoi(digits);
  return item;
}

}  // namespace

AddressMap::AddressMap(const DramGeometry& g, const ControllerConfig& config, const std::string& path,
                       Problems& problems)
    : geometry_(g), bursts_(g.bytes() / std::max(g.burst_bytes, 1u)) {
  sizes_ = {g.rows, g.ranks, g.banks, g.bank_groups, g.bursts, g.pseudo_channels, g.channels};
  const auto bad = [&](const char* key, const std::string& text) { problems.add({}, path + "." + key, text); };
  std::array<int, kFields> left{};
  std::array<bool, kFields> named{};
  for (std::size_t f = 0; f < kFields; ++f) left[f] = bits_for(sizes_[f]);

  // From the least significant end: a field without a count takes what its other mentions leave.
  std::vector<Item> items;
  std::array<int, kFields> counted{}, uncounted{};
  for (const std::string& text : config.mapping) {
    const Item item = parse_item(text);
    if (item.field < 0) {
      const std::string name = text.substr(0, text.find(':'));
      bad("mapping", fmt::format("\"{}\" is no field{} Fields: {}; write name or name:bits", text,
                                 did_you_mean(name, field_names()).empty() ? "." : did_you_mean(name, field_names()),
                                 joined(field_names())));
      return;
    }
    const auto f = static_cast<std::size_t>(item.field);
    named[f] = true;
    if (item.bits >= 0)
      counted[f] += item.bits;
    else
      ++uncounted[f];
    items.push_back(item);
  }
  for (std::size_t f = 0; f < kFields; ++f) {
    if (uncounted[f] > 1) bad("mapping", field_names()[f] + " stands twice without a number of bits");
    if (counted[f] > left[f] || (uncounted[f] == 0 && counted[f] < left[f] && named[f]))
      bad("mapping", fmt::format("{} has {} bits here and {} in this device", field_names()[f], counted[f], left[f]));
    if (!named[f] && sizes_[f] > 1) bad("mapping", field_names()[f] + " is missing");
  }
  std::uint8_t shift = 0;
  std::array<std::uint8_t, kFields> placed{};
  int channel_segments = 0;
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    const auto f = static_cast<std::size_t>(item->field);
    const int bits = item->bits >= 0 ? item->bits : left[f] - counted[f];
    if (bits <= 0) continue;
    const bool top = std::all_of(item + 1, items.rend(), [&](const Item& above) {
      const auto a = static_cast<std::size_t>(above.field);
      return above.bits == 0 || (above.bits < 0 && left[a] == counted[a]);
    });
    if ((!top || f == kChannel) && (sizes_[f] & (sizes_[f] - 1)) != 0)
      bad("mapping",
          fmt::format("{} has {} values, no power of two, and must be the first field (channels: a power of two)",
                      field_names()[f], sizes_[f]));
    segments_.push_back({static_cast<Field>(f), shift, placed[f], (std::uint64_t{1} << bits) - 1});
    if (f == kChannel) channel_shift_ = shift, ++channel_segments;
    placed[f] = static_cast<std::uint8_t>(placed[f] + bits);
    shift = static_cast<std::uint8_t>(shift + bits);
  }
  std::uint8_t row_bit = 0;
  for (const std::string& name : config.permute) {
    const int f = field_index(name);
    if (f < 0 || f == kRow || f == kColumn) {
      bad("permute", fmt::format("\"{}\" cannot be permuted: rank, bank, bank_group, pseudo_channel or channel", name));
      return;
    }
    if ((sizes_[static_cast<std::size_t>(f)] & (sizes_[static_cast<std::size_t>(f)] - 1)) != 0)
      bad("permute", name + " has no power of two of values");
    permuted_.emplace_back(static_cast<Field>(f), row_bit);
    row_bit = static_cast<std::uint8_t>(row_bit + bits_for(sizes_[static_cast<std::size_t>(f)]));
    if (f == kChannel) simple_channel_ = false;
  }
  if (channel_segments > 1) simple_channel_ = false;
  find_pattern();
}

void AddressMap::find_pattern() {
  std::uint64_t below = 1;  // end of the fields so far
  pattern_.period = 1;
  std::uint64_t period = 1;
  for (const Segment& s : segments_) {
    below *= s.mask + 1;
    if (s.field == kRow) break;
    if (s.field == kColumn)
      pattern_.block = below, pattern_.period = period;
    else
      period = below;
  }
  if (pattern_.block == 0) pattern_ = {};  // rows change before columns do
  if (sizes_[kChannel] > 1) {
    if (!simple_channel_ || channel_shift_ != 0 || (sizes_[kChannel] & (sizes_[kChannel] - 1)) != 0) pattern_ = {};
    pattern_.stride = sizes_[kChannel];
  }
  // Comparing states costs about as much as a few commands: not at every burst of a stream in one bank.
  const std::uint64_t least = 16 * pattern_.stride;
  while (pattern_.period != 0 && pattern_.period < least && pattern_.period * 4 <= pattern_.block) pattern_.period *= 2;
}

std::array<std::uint32_t, AddressMap::kFields> AddressMap::fields_of(std::uint64_t burst) const {
  std::array<std::uint32_t, kFields> f{};
  for (const Segment& s : segments_) f[s.field] |= static_cast<std::uint32_t>((burst >> s.shift) & s.mask) << s.to;
  for (const auto& [field, row_bit] : permuted_) f[field] ^= (f[kRow] >> row_bit) & (sizes_[field] - 1);
  return f;
}

DramAddress AddressMap::decode(std::uint64_t burst) const {
  if (burst >= bursts_) burst %= bursts_;
  const auto f = fields_of(burst);
  return {f[kChannel], geometry_.bank_index(f[kPseudoChannel], f[kRank], f[kBankGroup], f[kBank]), f[kRow], f[kColumn]};
}

std::uint32_t AddressMap::channel_of(std::uint64_t burst) const {
  if (sizes_[kChannel] == 1) return 0;
  if (simple_channel_) return static_cast<std::uint32_t>((burst % bursts_) >> channel_shift_) & (sizes_[kChannel] - 1);
  return decode(burst).channel;
}

std::uint64_t AddressMap::next_in_channel(std::uint64_t burst, std::uint32_t channel) const {
  if (sizes_[kChannel] == 1) return burst;
  if (simple_channel_ && (sizes_[kChannel] & (sizes_[kChannel] - 1)) == 0) {
    const std::uint32_t here = channel_of(burst);
    if (here == channel) return burst;
    const std::uint64_t ahead = (channel - here) & (sizes_[kChannel] - 1);
    return ((burst >> channel_shift_) + ahead) << channel_shift_;
  }
  while (channel_of(burst) != channel) ++burst;
  return burst;
}

}  // namespace lutetia
