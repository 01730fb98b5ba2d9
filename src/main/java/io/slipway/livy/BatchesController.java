package io.slipway.livy;

import io.slipway.access.Caller;
import io.slipway.control.CallersJobs;
import io.slipway.control.CancelJob;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.KnownJobs;
import io.slipway.jobs.Owner;
import io.slipway.livy.Batches.Batch;
import io.slipway.sources.S3AllowList;
import io.slipway.sources.S3Location;
import io.slipway.submission.Submission;
import io.slipway.submission.SubmitJob;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Livy's batches. Where one stands is read from our own database, and never fails because a cluster does not answer. */
@Hidden
@ConditionalOnBooleanProperty("slipway.livy.enabled")
@RestController
@RequestMapping("/livy")
class BatchesController {

    private static final int MOST_A_PAGE = 500;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    /** Livy's own versions have one of these numbers in front. */
    private static final Pattern VERSIONED = Pattern.compile("application/vnd\\.livy\\.v(.*)\\+json");

    private static final Pattern VERSION = Pattern.compile("[01](\\.\\d{1,3}){0,2}");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final Batches batches;
    private final Jobs jobs;
    private final KnownJobs knownJobs;
    private final CallersJobs callersJobs;
    private final Submission submission;
    private final CancelJob cancel;
    private final BatchLog logs;
    private final S3AllowList allowed;
    private final BatchLinks links;

    BatchesController(
            Batches batches,
            Jobs jobs,
            KnownJobs knownJobs,
            CallersJobs callersJobs,
            Submission submission,
            CancelJob cancel,
            BatchLog logs,
            S3AllowList allowed,
            BatchLinks links) {
        this.batches = batches;
        this.jobs = jobs;
        this.knownJobs = knownJobs;
        this.callersJobs = callersJobs;
        this.submission = submission;
        this.cancel = cancel;
        this.logs = logs;
        this.allowed = allowed;
        this.links = links;
    }

    record Page(int from, int total, List<BatchView> sessions) {}

    record State(int id, String state) {}

    record Log(int id, int from, int total, List<String> log) {}

    private record Found(Batch batch, Job job) {}

    /** As Livy does it, everybody gets JSON, whatever they accept; but nobody a version that there is not. */
    @ModelAttribute
    void accept(
            HttpServletResponse response,
            @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept) {
        Matcher versioned = VERSIONED.matcher(accept == null ? "" : accept.strip());
        if (versioned.matches() && !VERSION.matcher(versioned.group(1)).matches()) {
            throw Rejected.unknownVersion(versioned.group(1));
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    }

    @PostMapping("/batches")
    ResponseEntity<BatchView> create(
            HttpServletRequest request,
            @RequestParam(required = false) @Nullable String doAs,
            @RequestBody(required = false) byte @Nullable [] body) {
        Caller caller = Caller.of(request);
        CreateBatch wanted = CreateBatch.of(body == null ? new byte[0] : body);
        String proxyUser = doAs == null || doAs.isBlank() ? wanted.proxyUser() : doAs;
        String owner = owner(caller, proxyUser);
        wanted.uris().forEach(uri -> allowed.require(owner, S3Location.of(uri)));
        refuseDuplicate(owner, wanted, key(request));
        Job job = submission
                .submit(new SubmitJob(
                        new Owner(owner),
                        key(request),
                        wanted.project(),
                        List.of(),
                        null,
                        new String(wanted.specJson(), StandardCharsets.UTF_8),
                        Map.of()))
                .job();
        Batch batch = batches.of(job.id().value(), proxyUser);
        return ResponseEntity.created(links.batch(request, batch))
                .body(BatchView.of(batch, job, links.of(request, job), null));
    }

    /** Livy has one batch of a name at a time. The same request, repeated, is no other one. */
    private void refuseDuplicate(String owner, CreateBatch wanted, @Nullable String key) {
        Optional<Batch> live = wanted.name().flatMap(name -> batches.live(owner, name));
        live.filter(batch -> jobs.repeated(new Owner(owner), key)
                        .filter(earlier -> earlier.id().value().equals(batch.jobId()))
                        .isEmpty())
                .ifPresent(batch -> {
                    throw Rejected.because(
                            "Duplicate session name: " + wanted.name().orElse("") + " for session " + batch.id());
                });
    }

    /** Operators alone act for others, and get at what those have stored. */
    private static String owner(Caller caller, @Nullable String proxyUser) {
        if (proxyUser == null || caller.owns(proxyUser)) {
            return caller.owner();
        }
        if (!caller.isOperator()) {
            throw Rejected.forbidden("User '" + caller.owner() + "' not allowed to impersonate somebody else.");
        }
        return proxyUser;
    }

    /** Livy knows none; with one, a request that is repeated makes one batch. Airflow sends it by extra_headers. */
    private static @Nullable String key(HttpServletRequest request) {
        String key = request.getHeader("Idempotency-Key");
        if (key != null && !KEY.matcher(key).matches()) {
            throw Rejected.because("an Idempotency-Key is 1 to 200 printable ASCII characters.");
        }
        return key;
    }

    @GetMapping("/batches")
    Page list(
            HttpServletRequest request,
            @RequestParam(defaultValue = "0") int from,
            @RequestParam(defaultValue = "100") int size) {
        Caller caller = Caller.of(request);
        int first = Math.max(0, from);
        int most = Math.min(MOST_A_PAGE, Math.max(0, size));
        List<Batch> page = most == 0 ? List.of() : batches.page(caller, first, most);
        Map<String, Job> byId = jobs.findByIdIn(page.stream().map(Batch::jobId).toList()).stream()
                .collect(Collectors.toMap(job -> job.id().value(), job -> job));
        List<BatchView> views = page.stream()
                .flatMap(batch -> Optional.ofNullable(byId.get(batch.jobId()))
                        .map(job -> BatchView.of(batch, job, links.of(request, job), null))
                        .stream())
                .toList();
        return new Page(first, batches.count(caller), views);
    }

    @GetMapping("/batches/{id}")
    BatchView one(HttpServletRequest request, @PathVariable String id) {
        Found found = found(request, id);
        return BatchView.of(
                found.batch(), found.job(), links.of(request, found.job()), knownJobs.tracebackOf(found.job()));
    }

    @GetMapping("/batches/{id}/state")
    State state(HttpServletRequest request, @PathVariable String id) {
        Found found = found(request, id);
        return new State(found.batch().id(), LivyState.of(found.job()));
    }

    @GetMapping("/batches/{id}/log")
    Log log(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(defaultValue = "-1") int from,
            @RequestParam(defaultValue = "100") int size) {
        Found found = found(request, id);
        List<String> all = logs.lines(found.job());
        int length = size < 0 ? all.size() : Math.min(size, all.size());
        int first = from < 0 ? all.size() - length : from;
        List<String> page = all.subList(Math.min(all.size(), first), (int) Math.min(all.size(), (long) first + length));
        return new Log(found.batch().id(), first, all.size(), page);
    }

    /** The job is cancelled and stays: its state and its log can still be asked for. */
    @DeleteMapping("/batches/{id}")
    Map<String, String> delete(HttpServletRequest request, @PathVariable String id) {
        Found found = found(request, id);
        try {
            cancel.of(Caller.of(request), found.job().id().value());
        } catch (IllegalJobChange ended) {
            // As with Livy, one that has ended can be deleted, too.
        }
        return Map.of("msg", "deleted");
    }

    @RequestMapping({"/sessions", "/sessions/**"})
    Map<String, String> sessions() {
        throw Rejected.notFound(
                "There are no interactive sessions here: send a whole project as a batch (POST /livy/batches), or by"
                        + " POST /jobs.");
    }

    @GetMapping("/version")
    Map<String, String> version() {
        return Map.of("version", "0.8.0-slipway", "user", "", "revision", "", "branch", "", "date", "", "url", "");
    }

    /** By number, or by name as Livy takes it where it is none. */
    private Found found(HttpServletRequest request, String id) {
        Caller caller = Caller.of(request);
        Optional<Batch> batch =
                NUMBER.matcher(id).matches() ? batches.find(Integer.parseInt(id)) : batches.named(caller, id);
        return batch.flatMap(
                        known -> callersJobs.ifReadable(caller, known.jobId()).map(job -> new Found(known, job)))
                .orElseThrow(() -> Rejected.notFound("Session '" + id + "' not found."));
    }
}
