package io.slipway.api;

import io.slipway.api.clients.ClientFault;
import io.slipway.project.HeldBytes;
import io.slipway.submission.SubmissionSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.InvalidFileNameException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes a multipart form apart while it comes. Large files go to the disk; texts stay in memory, within limits, and are decoded here: Tomcat
 * would read them without asking for their charset, and would take a file that has no name for a text.
 */
final class FormReader {

    /** The longest spec, arguments and maps together, in the widest encoding. */
    private static final long MOST_TEXT = 2L * 1024 * 1024;

    /** What may lie behind the last boundary. */
    private static final int LONGEST_REST = 8192;

    /** The parts of a submission that are files. */
    static final Set<String> SUBMISSION = Set.of("project", "config", "pythonEnvironment", "requirementsFile");

    /** Those of a stored project's changes. */
    static final Set<String> CHANGES = Set.of("manifest", "changes");

    private static final Set<String> PLAIN_ENCODINGS = Set.of("", "binary", "8bit", "7bit");

    private final HttpServletRequest request;
    private final SentForm form;
    private final SubmissionSettings settings;
    private final UploadLimits limits;
    private final Set<String> files;
    private long textBytes;
    private @Nullable String charset;

    FormReader(
            HttpServletRequest request,
            SentForm form,
            SubmissionSettings settings,
            UploadLimits limits,
            Set<String> files) {
        this.files = files;
        this.request = request;
        this.form = form;
        this.settings = settings;
        this.limits = limits;
    }

    void read() throws IOException {
        if (!String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT).contains("boundary")) {
            throw malformed(
                    "The Content-Type names no boundary. Let the HTTP library set the header by itself: it knows the"
                            + " boundary that it puts between the parts.");
        }
        try {
            FileItemIterator parts = upload().getItemIterator(new ServletRequestContext(request));
            for (int count = 1; parts.hasNext(); count++) {
                if (count > limits.maxPartCount()) {
                    throw tooManyParts();
                }
                take(parts.next());
            }
            readRest();
        } catch (IOException | InvalidFileNameException unreadable) {
            throw refusal(unreadable);
        }
    }

    private FileUpload upload() {
        FileUpload upload = new FileUpload();
        upload.setHeaderEncoding(StandardCharsets.UTF_8.name());
        upload.setSizeMax(settings.maxUpload().toBytes());
        upload.setPartHeaderSizeMax((int) limits.maxPartHeaderSize().toBytes());
        return upload;
    }

    /** A form ends before its request does: unread, the last bytes would cost the connection. */
    private void readRest() throws IOException {
        byte[] rest = new byte[LONGEST_REST];
        InputStream in = request.getInputStream();
        int length = 0;
        for (int read = 0; read >= 0 && length < LONGEST_REST; length += Math.max(0, read)) {
            read = in.read(rest);
        }
    }

    private void take(FileItemStream part) throws IOException {
        String field = String.valueOf(part.getFieldName());
        refuseEncoded(field, part.getHeaders().getHeader("content-transfer-encoding"));
        String fileName = UploadReader.fileName(part.getHeaders().getHeader("content-disposition"));
        try (BufferedInputStream content = new BufferedInputStream(part.openStream(), 8192)) {
            if (fileName == null ? isFile(field, part.getContentType(), content) : !field.equals("spec")) {
                file(field, fileName == null ? nameFor(field, part.getContentType()) : fileName, content);
            } else {
                text(field, part.getContentType(), content);
            }
        }
    }

    private void refuseEncoded(String field, @Nullable String encoding) {
        String named = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        if (!PLAIN_ENCODINGS.contains(named)) {
            throw malformed("The part '" + LongText.shown(field) + "' has Content-Transfer-Encoding '"
                    + LongText.shown(named) + "', which is not undone here. Send the bytes as they are.");
        }
    }

    /** Clients that send a file from memory often give it a type and no name. */
    private boolean isFile(String field, @Nullable String type, BufferedInputStream content) throws IOException {
        if (!files.contains(field)) {
            return false;
        }
        String named = type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
        return UploadType.isProject(named)
                || !named.isEmpty() && !named.startsWith("text/plain") && !named.startsWith("application/json")
                || FirstBytes.areBinary(content);
    }

    private static @Nullable String nameFor(String field, @Nullable String type) {
        return field.equals("project") ? UploadType.projectName(type) : null;
    }

    private void file(String field, @Nullable String name, BufferedInputStream content) throws IOException {
        boolean hasName = name != null && !name.isEmpty();
        if (!files.contains(field)) {
            if (!hasName && FirstBytes.areNone(content)) {
                return;
            }
            throw unknownFile(field);
        }
        HeldBytes file = Objects.requireNonNull(form.take(content, Long.MAX_VALUE));
        // What a browser sends for a field in which no file was chosen.
        if (hasName || !file.isEmpty()) {
            form.file(field, new SentFile(hasName ? name : nameFor(field, null), file));
        }
    }

    private void text(String field, @Nullable String type, InputStream content) throws IOException {
        byte[] bytes = content.readNBytes((int) (MOST_TEXT - textBytes + 1));
        textBytes += bytes.length;
        if (textBytes > MOST_TEXT) {
            throw new ApiProblem(
                    ProblemType.UPLOAD_TOO_LARGE,
                    "The texts of the form are longer than 2 MB together. Put long ones into a file of the project."
                            + (files.contains(field) ? " A file needs a file name: -F " + field + "=@…" : ""));
        }
        String text = PartText.of(field, bytes, type, charset);
        if (field.equals("_charset_")) {
            charset = text.isBlank() ? null : text;
        } else if (PlainForm.is(request)) {
            PlainForm.entries(field, text).forEach(entry -> form.text(field, entry));
        } else {
            form.text(field, text);
        }
    }

    private ApiProblem unknownFile(String field) {
        String shown = LongText.shown(field);
        if (files.equals(CHANGES)) {
            return new ApiProblem(
                    ProblemType.MISSING_PART,
                    "There is no file part '" + shown + "'. The parts are 'manifest' and 'changes'.");
        }
        return new ApiProblem(
                ProblemType.MISSING_PART,
                WishNames.isWish(field)
                        ? "The part '" + shown + "' is a text, not a file: leave out its file name (with curl, the @)."
                        : "There is no file part '" + shown
                                + "'. The project is sent as 'project', files that are laid over it as 'config', a"
                                + " packed Python environment as 'pythonEnvironment', a requirements.txt or lock as"
                                + " 'requirementsFile'.");
    }

    private ApiProblem tooManyParts() {
        return new ApiProblem(
                ProblemType.TOO_MANY_PARTS,
                "The form has more parts than server.tomcat.max-part-count, " + limits.maxPartCount()
                        + ". Send many config files inside the archive.");
    }

    private static ApiProblem malformed(String detail) {
        return new ApiProblem(ProblemType.MALFORMED_REQUEST, detail);
    }

    private RuntimeException refusal(Exception unreadable) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Throwable each = unreadable; each != null; each = each.getCause()) {
            if (each instanceof ClientFault fault) {
                throw fault;
            }
            all.append(each).append('\n');
        }
        if (all.indexOf("eader section") >= 0 || all.indexOf("partHeaderSize") >= 0) {
            return new ApiProblem(
                    ProblemType.PART_HEADER_TOO_LARGE,
                    "A part's header is longer than server.tomcat.max-part-header-size, " + limits.maxPartHeaderSize()
                            + ". Shorten its file name.");
        }
        if (all.indexOf("SizeLimitExceeded") >= 0) {
            return new ApiProblem(ProblemType.UPLOAD_TOO_LARGE, UploadGate.tooLarge(settings));
        }
        return malformed("The multipart body cannot be read: it ends early, or its boundary is not the one of its"
                + " Content-Type.");
    }
}
