// Every value of a configuration with its path: for tests and tools that treat all of them alike.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "config/schema.h"

namespace lutetia {

/// Calls `visit` for each leaf in the order of describe(): groups, present optional groups, and list entries included.
/// The field may be used to set the value; a reference to it ends with the call.
void for_each_leaf(const Schema& schema, const std::function<void(const std::string& path, const Field& leaf)>& visit);

/// Texts that are well formed for the leaf but just below and just above its bounds (either may not exist), or, for a
/// choice, no name of it. Empty for what has no bounds.
std::vector<std::string> out_of_range_texts(const Field& leaf);

/// What is wrong with a describe() or with the defaults of `schema`, which must be of a default-constructed object: a
/// default outside of its range, without a name, or that cannot be written; an optional group present by default; a
/// rule that the defaults break (unless a required key is among its keys). One text per fault; none is good. Covers the
/// prototypes of lists and optional groups too.
std::vector<std::string> check_schema(const Schema& schema);

template <class T>
std::vector<std::string> check_schema() {
  return check_schema(prototype_of<T>());
}

}  // namespace lutetia
