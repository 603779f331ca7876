#pragma once

#include <memory>
#include <string>

#include "store/store.h"

namespace evotune {

/// Opens, locks, checks and migrates the results database, as Store promises.
[[nodiscard]] std::unique_ptr<Sqlite> open_database(const std::string& path, Store::Mode,
                                                    bool durable);

}  // namespace evotune
