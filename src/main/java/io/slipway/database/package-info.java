/** How the one database is opened, and what is done while it is away. */
@NullMarked
package io.slipway.database;

import org.jspecify.annotations.NullMarked;
