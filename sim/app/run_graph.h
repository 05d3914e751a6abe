// lutetia run GRAPH: a dataflow graph by itself.
#pragma once
#include "app/command_line.h"

namespace lutetia {

/// Whether the only argument of lutetia run means a graph: a file with a graph's keys, or a name that is no design's.
bool is_graph(const std::string& text);

/// `line` is that of lutetia run, read without a fault, with one argument.
int run_graph(const CommandLine& line);

}  // namespace lutetia
