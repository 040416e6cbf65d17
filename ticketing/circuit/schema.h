#pragma once
// The tables of a circuit's database and how an older one becomes a newer one. Rim.
// Each migration is applied once, in one transaction, under a lock, so that two programs may start at the same time.

#include "ticketing/postgres/connection.h"

namespace promenade::ticketing::circuit {

// Brings the database up to this program. Error "database-newer": a later program has been here.
base::Result<void> migrate(postgres::Connection& connection);
// For those who only read: the tables must be this program's. Errors "database-newer", "database-older".
base::Result<void> check_schema(postgres::Connection& connection);

}  // namespace promenade::ticketing::circuit
