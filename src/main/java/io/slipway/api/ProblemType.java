package io.slipway.api;

import io.slipway.project.InvalidProject;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Every error that the API answers with (RFC 9457). The name in lower case with dashes is the end of the problem's {@code type} and
 * never changes; the detail says what happened and what to do.
 */
enum ProblemType {
    MALFORMED_REQUEST(
            400, "The request cannot be read", "The multipart body ends before its last boundary. Send it again."),
    INVALID_PARAMETER(400, "A parameter has a value it cannot have", "limit must be between 1 and 500; it is 0."),
    INVALID_IDEMPOTENCY_KEY(
            400, "The Idempotency-Key cannot be used", "An Idempotency-Key is 1 to 200 printable ASCII characters."),
    MISSING_PART(
            400, "A part of the form is missing", "Send the project as the part 'project': -F project=@project.zip"),
    UNAUTHORIZED(401, "No valid token", "Send one of the configured tokens: -H 'Authorization: Bearer …'"),
    CROSS_ORIGIN(
            403,
            "Refused: the request came from a page of another site",
            "The request's Origin is https://other.example, not this service."),
    CSRF_TOKEN(
            403,
            "Refused: the form is out of date",
            "The request carries no valid CSRF token. Load the page again and send it once more."),
    NOT_AN_OPERATOR(
            403,
            "Only operators may do that",
            "Only operators start, drain and terminate clusters; they are named by slipway.security.operators."),
    SOURCE_NOT_ALLOWED(
            403,
            "You may not have this source read",
            "You may not have s3://data/team/project.zip read. slipway.sources.s3.allow lists which buckets and"
                    + " prefixes may be read, and for whom; an operator can add an entry."),
    NOT_FOUND(404, "There is nothing here", "There is no page /job. The API begins at /jobs."),
    JOB_NOT_FOUND(404, "There is no such job", "There is no job 01JD0000000000000000000000."),
    ENVIRONMENT_NOT_FOUND(404, "There is no such environment", "There is no environment 01JD0000000000000000000000."),
    PROJECT_NOT_FOUND(
            404,
            "There is no such stored project",
            "You have sent no project of this id, or it is not stored any more."),
    LOG_NOT_FOUND(
            404,
            "There is no such log",
            "Job 01JD0000000000000000000000 has no log 'driver': nothing is called so. GET …/logs lists what there"
                    + " is."),
    RESULT_NOT_FOUND(
            404,
            "There is no such file among the results",
            "Job 01JD0000000000000000000000 has left no file out/a.csv. GET /jobs/01JD0000000000000000000000/results"
                    + " lists those that it has."),
    LOG_NOT_YET_THERE(
            404,
            "The log is not there yet",
            "Job 01JD0000000000000000000000 has no log 'stdout' yet. EMR ships logs about every five minutes. Look"
                    + " again in a moment."),
    SPARK_UI_NOT_FOUND(404, "There is no Spark UI", "Runs on this machine have no Spark UI that could be linked to."),
    NOT_MADE_TO_ORDER(
            404,
            "The cluster is not made to order",
            "Cluster 'nightly' is not made to order: there is no slipway.clusters.nightly.emr.template."),
    ORDER_NOT_FOUND(404, "There is no such cluster order", "There is no cluster order 01JD0000000000000000000000."),
    ORPHAN_NOT_FOUND(
            404,
            "There is no such cluster without an order",
            "There is no cluster j-2AXXXXXXGAPLF without an order. It may have ended meanwhile."),
    METHOD_NOT_ALLOWED(405, "The method cannot be used here", "Method 'PUT' is not supported."),
    NOT_ACCEPTABLE(406, "No representation that the client accepts", "Acceptable representations: [application/json]."),
    TOO_SLOW(408, "The request came too slowly", "The body came slower than 10 KB/s. Send it again."),
    IDEMPOTENCY_KEY_REUSED(
            409,
            "The Idempotency-Key was used for another job",
            "The Idempotency-Key 'build-17' was used for job …, which has another project or another spec. Use a new"
                    + " key for a new job."),
    JOB_ENDED(409, "The job has already ended", "Job 01JD0000000000000000000000 is SUCCEEDED and cannot be cancelled."),
    ORDER_UNCLEAR(
            409,
            "Whether the cluster is being made is not known yet",
            "Order 01JD0000000000000000000000 is REQUESTED and cannot become ENDING. Try again in a minute."),
    TOO_MANY_CLUSTERS(
            409,
            "There are as many clusters as there may be",
            "There are 1 clusters of nightly already, as many as slipway.clusters.nightly.emr.template.most allows."),
    UPLOAD_TOO_LARGE(413, "The upload is too large", "The request is longer than slipway.submission.max-upload, 4 GB."),
    BODY_TOO_LARGE(
            413,
            "The request's body is too long",
            "The request's body is longer than slipway.api.clients.max-body, 64 KB."),
    TOO_MANY_PARTS(
            413,
            "The form has too many parts",
            "The form has more parts than server.tomcat.max-part-count, 1000. Send many config files inside the"
                    + " archive."),
    PART_HEADER_TOO_LARGE(
            413,
            "A part's header is too long",
            "A part's header is longer than server.tomcat.max-part-header-size, 4 KB. Shorten the file name."),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "The media type is not supported",
            "POST /jobs takes multipart/form-data: curl -F project=@project.zip …"),
    UNKNOWN_HOST(
            421,
            "The service is not known by this name",
            "Host 'evil.example' is not one of this service. Add it to slipway.security.hosts."),
    NOT_AN_ARCHIVE(
            422,
            "The project is neither an archive nor a Python file",
            "The project is neither a zip, a tar (.tar, .tar.gz, .tar.xz, .tar.bz2, .tar.zst) nor a .py file."),
    DAMAGED_ARCHIVE(
            422,
            "The archive is damaged",
            "The archive ends in the middle of 'data/source.csv'. Make it again and send it again."),
    ENCRYPTED_ARCHIVE(
            422, "The archive is encrypted", "'project.py' is encrypted. Send an archive without a password."),
    UNSAFE_PATH(
            422,
            "An entry points out of the project",
            "'../../etc/passwd' leaves the project's root. Remove it from the archive."),
    DUPLICATE_PATH(422, "Two entries have the same path", "'data' is both a file and a folder. Rename one."),
    UNREADABLE_NAME(
            422,
            "An entry's name cannot be read",
            "The name of entry 7 is in no known encoding. Make the archive with UTF-8 names."),
    ARCHIVE_TOO_LARGE(422, "The archive unpacks to too much", "The archive has more than 100,000 entries."),
    WRONG_MANIFEST(
            422,
            "The manifest does not fit",
            "The manifest cannot be used: neither the stored project nor the changes hold the content of 'main.py'."
                    + " Send the whole project."),
    NO_ENTRY_POINT(
            422, "The entry point is not clear", "Found main.py and project.py. Name one: -F entryPoint=main.py"),
    AMBIGUOUS_CONFIG(
            422,
            "It is not clear where a config file belongs",
            "'app.ini' matches conf/app.ini and test/app.ini. Name the path: -F"
                    + " 'config=@app.ini;filename=conf/app.ini'"),
    INVALID_SPEC(422, "The spec has errors", "2 fields are wrong; see errors."),
    NOT_ALLOWED(
            422,
            "The cluster does not allow it",
            "Cluster analytics: mode: Mode client is off on this cluster; see errors."),
    FINDINGS(422, "The plan has warnings", "The plan has 2 warnings and failOn is warning; see errors."),
    UNKNOWN_CLUSTER(
            422, "There is no such cluster", "There is no cluster 'analytic'. Configured are: analytics, laptop."),
    UNKNOWN_PROJECT(
            422,
            "There is no such stored project",
            "You have sent no project of this id. Send its archive, or name one of your jobs as job:<id>."),
    INVALID_SOURCE(
            422,
            "The source's URI cannot be used",
            "A source in S3 is written s3://bucket/key.zip (or .tar.gz, .py) or s3://bucket/prefix/."),
    SOURCE_CHANGED(
            409,
            "The source has changed",
            "s3://data/team/project.zip has changed: its version is 9b2cf535f27731c974343645a3985328 by now, and not"
                    + " the one of the request's sourceVersion. Plan it again."),
    SOURCE_NOT_FOUND(422, "There is nothing at the source", "There are no objects under s3://data/team/project/."),
    TOO_MANY_JOBS(
            429,
            "You have as many jobs as one owner may have",
            "You have 100 jobs that have not ended, which is all that one owner may have (slipway.quotas.live-jobs)."),
    TOO_MANY_SUBMISSIONS(
            429,
            "You send jobs faster than one owner may",
            "You may send 60 jobs a minute (slipway.quotas.submissions-per-minute)."),
    TOO_MANY_OWN_STREAMS(
            429,
            "You have as many open streams as one owner may have",
            "You have 300 open streams (slipway.api.stream.most-of-owner). Close one, or try again later."),
    INTERNAL_ERROR(
            500,
            "A fault of the service",
            "The request failed by a fault of ours; the service's log has it under id 7f3a."),
    TOO_MANY_UPLOADS(
            503,
            "Too many uploads at once",
            "16 uploads are under way (slipway.submission.max-concurrent-uploads). Try again in 5 s."),
    TOO_MANY_PLANS(
            503,
            "Too many plans at once",
            "4 plans are being made (slipway.submission.max-concurrent-plans). Try again in 5 s."),
    TOO_MANY_CLIENTS(
            503,
            "Too many slow clients",
            "As many requests as the service allows wait for their clients. Try again in 5 s."),
    TOO_MANY_STREAMS(
            503,
            "Too many open streams",
            "1000 streams are open (slipway.api.stream.most). Try again in a few seconds."),
    INSPECTIONS_BUSY(
            503,
            "Too many projects are looked at",
            "Too many projects are looked at now: this one had to wait for more than 30 s. Nothing was accepted;"
                    + " send it again."),
    DISK_FULL(503, "The service's disk is full", "There is too little free space for uploads. Try again later."),
    STORAGE_UNAVAILABLE(
            503,
            "The store cannot be reached",
            "The project could not be stored. Nothing was accepted; send it again."),
    SOURCE_UNAVAILABLE(
            503,
            "The source could not be fetched",
            "s3://data/team/project.zip could not be fetched: S3 gave no whole answer. Nothing was accepted; send the"
                    + " request again."),
    DATABASE_UNAVAILABLE(
            503,
            "The database cannot be reached",
            "The database did not answer in time. Send the request again; a submission with the same Idempotency-Key"
                    + " makes one job."),
    LOGS_UNAVAILABLE(
            503,
            "The logs cannot be read now",
            "The logs of job 01JD0000000000000000000000 cannot be read now: S3 does not answer. Try again in 5 s.");

    private static final String URN = "urn:slipway:problem:";

    private final HttpStatus status;
    private final String title;
    private final String example;

    ProblemType(int status, String title, String example) {
        this.status = HttpStatus.valueOf(status);
        this.title = title;
        this.example = example;
    }

    HttpStatus status() {
        return status;
    }

    String title() {
        return title;
    }

    /** A detail as callers may see it. */
    String example() {
        return example;
    }

    URI type() {
        return URI.create(URN + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** Empty for what is none of ours. */
    static Optional<ProblemType> of(@Nullable URI type) {
        return Arrays.stream(values()).filter(each -> each.type().equals(type)).findFirst();
    }

    /** What a check of the project found, as callers see it. */
    static ProblemType of(InvalidProject.Problem problem) {
        return switch (problem) {
            case NOT_AN_ARCHIVE -> NOT_AN_ARCHIVE;
            case DAMAGED_ARCHIVE -> DAMAGED_ARCHIVE;
            case ENCRYPTED_ARCHIVE -> ENCRYPTED_ARCHIVE;
            case UNSAFE_PATH -> UNSAFE_PATH;
            case DUPLICATE_PATH -> DUPLICATE_PATH;
            case UNREADABLE_NAME -> UNREADABLE_NAME;
            case ARCHIVE_TOO_LARGE -> ARCHIVE_TOO_LARGE;
            case WRONG_MANIFEST -> WRONG_MANIFEST;
            case NO_ENTRY_POINT -> NO_ENTRY_POINT;
            case AMBIGUOUS_CONFIG -> AMBIGUOUS_CONFIG;
            case INVALID_SPEC -> INVALID_SPEC;
            case NOT_ALLOWED -> NOT_ALLOWED;
        };
    }
}
