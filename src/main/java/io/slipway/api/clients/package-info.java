/**
 * Between the sockets and the door: how long a client may take, how much it may send, and how many threads of the server may wait for
 * clients at once.
 */
@NullMarked
package io.slipway.api.clients;

import org.jspecify.annotations.NullMarked;
