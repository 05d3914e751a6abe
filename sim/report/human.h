// Numbers for people: three or four significant digits and a unit, so that a column of them can be compared at a
// glance. Files keep the exact numbers.
#pragma once
#include <cstdint>
#include <string>

namespace lutetia {

/// "1.23 G", "45.6 k", "789": powers of 1000.
std::string human_count(double value);
/// "1.23 GiB", "456 B": powers of 1024.
std::string human_bytes(double bytes);
/// "1.23 GB/s": powers of 1000, as memories are sold.
std::string human_rate(double bytes_per_second);
/// "1.23 ms", "4.56 s", "789 ns".
std::string human_seconds(double seconds);
/// "12.3 %"; a share that is there but would round to nothing is "<0.1 %".
std::string human_share(double ratio);
/// "1,234,567".
std::string grouped(std::uint64_t value);

}  // namespace lutetia
