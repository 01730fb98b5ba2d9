package io.slipway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.compute.RunProgress;
import io.slipway.jobs.Job;
import io.slipway.jobs.KnownJobs;
import io.slipway.jobs.RecentJobs;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Jobs as JSON, written once for as long as nothing of them changes. The address by which a client called is not part of what is kept:
 * it is put in with each answer.
 */
@Component
class WrittenJobs {

    private static final long MOST_BYTES = 8L * 1024 * 1024;

    /** Stands where the caller's address comes; nobody can write it into a name or a label, since nobody knows it. */
    private static final String HERE = "http://" + UUID.randomUUID() + ".invalid";

    private final KnownJobs jobs;
    private final JsonMapper json;
    private final RecentJobs<Written> recent = new RecentJobs<>(MOST_BYTES, Written::bytes);

    WrittenJobs(KnownJobs jobs, JsonMapper json) {
        this.jobs = jobs;
        this.json = json;
    }

    /** All that an answer is made of. Pages elsewhere, what is waited for and how far a job is come and go without a new version. */
    private record Content(
            long version,
            Map<String, URI> links,
            @Nullable WaitingForView waitingFor,
            Optional<RunProgress> progress) {}

    private record Written(Content content, Pieces pieces) {
        long bytes() {
            // The links and the rest of the content are about as long as they are in the text.
            return 2048 + 2 * pieces.bytes;
        }
    }

    /** The text, cut where an address begins. */
    static final class Pieces {
        private final List<byte[]> pieces = new ArrayList<>();
        private final long bytes;

        private Pieces(String text) {
            long sum = 0;
            for (String piece : text.split(Pattern.quote(HERE), -1)) {
                byte[] encoded = piece.getBytes(UTF_8);
                pieces.add(encoded);
                sum += encoded.length;
            }
            this.bytes = sum;
        }

        /** How long it is with an address of so many bytes. */
        long length(byte[] here) {
            return bytes + (long) (pieces.size() - 1) * here.length;
        }

        void write(OutputStream out, byte[] here) throws IOException {
            for (int piece = 0; piece < pieces.size(); piece++) {
                if (piece > 0) {
                    out.write(here);
                }
                out.write(pieces.get(piece));
            }
        }
    }

    /** With the traceback of its last run. */
    Pieces of(Job job, Optional<RunProgress> progress, Links links) {
        Links anywhere = links.from(HERE);
        Content content = new Content(job.version(), anywhere.of(job), anywhere.waitingFor(job), progress);
        Written old = recent.get(job.id());
        if (old != null && old.content.equals(content) && job.isSaidByItsVersion()) {
            return old.pieces;
        }
        Pieces fresh = new Pieces(json.writeValueAsString(JobView.of(job, jobs.tracebackOf(job), progress, anywhere)));
        if (job.isSaidByItsVersion()) {
            recent.put(job.id(), new Written(content, fresh));
        }
        return fresh;
    }
}
