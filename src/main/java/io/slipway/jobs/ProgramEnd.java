package io.slipway.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the program of a run ended, in its driver's own words: some seconds before its cluster knows, and perhaps not true.
 *
 * @param exitCode {@code null} when the driver itself does not know: it was killed, or ended by {@code os._exit}
 * @param endedAt by the driver's clock
 */
@Embeddable
public record ProgramEnd(
        @Column(name = "program_exit_code") @Nullable Integer exitCode,
        @Column(name = "program_ended_at") Instant endedAt) {}
