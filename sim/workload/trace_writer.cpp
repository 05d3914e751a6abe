#include "workload/trace_writer.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <ostream>
#include <string_view>

namespace lutetia {
namespace {

void append_text(std::string& out, std::string_view text) {
  constexpr const char* kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_key(std::string& out, std::string_view key) {
  if (out.back() != '{') out += ',';
  append_text(out, key);
  out += ':';
}

void append(std::string& out, std::string_view key, std::string_view value) {
  append_key(out, key);
  append_text(out, value);
}

void append(std::string& out, std::string_view key, std::uint64_t value) {
  append_key(out, key);
  out += std::to_string(value);
}

void append_tensor(std::string& out, const Operator& op, const TensorUse& t) {
  out += '{';
  append(out, "name", t.name);
  append(out, "role", name(t.role));
  append(out, "format", t.format != nullptr ? t.format->name : std::string_view("?"));
  if (t.group == kScalePerTensor)
    append(out, "group", "tensor");
  else
    append(out, "group", std::uint64_t{t.group});
  if (t.part) {
    append_key(out, "part");
    out += "true";
  }
  append_key(out, "loops");
  out += '[';
  for (std::size_t i = 0; i < t.loops.size(); ++i) {
    if (i > 0) out += ',';
    append_text(out, op.loops.at(t.loops[i]).name);
  }
  out += "]}";
}

}  // namespace

std::string header_line(const TraceHeader& h, std::uint64_t operators) {
  std::string out = "{";
  append(out, "lutetia_trace", std::uint64_t{1});
  append(out, "model", h.model);
  append(out, "prefill", h.prefill);
  append(out, "decode", h.decode);
  append(out, "batch", h.batch);
  append(out, "past", h.past);
  append(out, "layers", h.layers);
  append_key(out, "formats");
  out += '{';
  for (const auto& [use, format] : h.formats) append(out, use, format);
  out += '}';
  append(out, "source", h.source);
  append(out, "operators", operators);
  return out + '}';
}

std::string operator_line(const Operator& op) {
  std::string out = "{";
  out.reserve(512);
  append(out, "id", op.id);
  append(out, "kind", name(op.kind));
  append(out, "name", op.name);
  append_key(out, "layer");
  out += std::to_string(op.layer);
  append(out, "step", std::uint64_t{op.step});
  append_key(out, "loops");
  out += '{';
  for (const Loop& loop : op.loops) append(out, loop.name, loop.extent);
  out += '}';
  append_key(out, "tensors");
  out += '[';
  for (std::size_t i = 0; i < op.tensors.size(); ++i) {
    if (i > 0) out += ',';
    append_tensor(out, op, op.tensors[i]);
  }
  out += ']';
  if (op.mask.kind == Mask::Kind::kCausal) {
    append_key(out, "mask");
    out += '{';
    append(out, "kind", "causal");
    append(out, "past", op.mask.past);
    append(out, "query", op.loops.at(op.mask.query).name);
    append(out, "key", op.loops.at(op.mask.key).name);
    if (op.mask.window > 0) append(out, "window", op.mask.window);
    if (op.mask.sinks > 0) append(out, "sinks", op.mask.sinks);
    out += '}';
  }
  append_key(out, "after");
  out += '[';
  for (std::size_t i = 0; i < op.after.size(); ++i) {
    if (i > 0) out += ',';
    out += std::to_string(op.after[i]);
  }
  return out + "]}";
}

void write_trace(std::ostream& out, const Trace& trace) {
  out << header_line(trace.header, trace.operators.size()) << '\n';
  for (const Operator& op : trace.operators) out << operator_line(op) << '\n';
}

bool write_trace_file(const std::string& path, const Trace& trace, Problems& problems) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (file) {
    write_trace(file, trace);
    file.close();
  }
  if (file) return true;
  const int code = errno;
  problems.add({path, 0, 0}, "", std::string("cannot write: ") + (code != 0 ? std::strerror(code) : "output error"));
  return false;
}

}  // namespace lutetia
