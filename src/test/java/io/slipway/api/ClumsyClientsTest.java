package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.RawClient;
import io.slipway.api.Service.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP clients really send: all of it is either taken as it was meant, or told how to be sent. */
class ClumsyClientsTest extends ApiService {

    private static final Charset LATIN = StandardCharsets.ISO_8859_1;
    private static final String FORM = "multipart/form-data; boundary=B";

    /** A form, part by part. */
    private static final class Parts {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Parts part(String disposition, String headers, byte[] content) {
            body.writeBytes(("--B\r\nContent-Disposition: form-data; " + disposition + "\r\n" + headers + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(content);
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Parts project() {
            return part("name=\"project\"; filename=\"p.zip\"", "Content-Type: application/zip\r\n", zip());
        }

        Parts text(String name, String type, byte[] content) {
            return part("name=\"" + name + "\"", type.isEmpty() ? "" : "Content-Type: " + type + "\r\n", content);
        }

        byte[] end() {
            body.writeBytes("--B--\r\n".getBytes(StandardCharsets.UTF_8));
            return body.toByteArray();
        }
    }

    private Answer plan(Parts parts, String... headers) throws Exception {
        return plan("/plans", FORM, parts.end(), headers);
    }

    private Answer plan(String address, String type, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = alice().request(address).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        return alice().send(request, headers);
    }

    private static String lastArgument(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        var arguments = answer.json().path("arguments");
        return arguments.get(arguments.size() - 1).asString();
    }

    @Test
    void oneFolderOfARepositoryIsTheProject() throws Exception {
        byte[] repository = zip(
                "repo-main/README.md", "x",
                "repo-main/jobs/prices/main.py", "print(1)",
                "repo-main/jobs/prices/conf/app.ini", "[x]",
                "repo-main/jobs/sales/main.py", "print(2)");
        String type = "Content-Type: application/zip\r\n";
        Parts parts = new Parts()
                .part("name=\"project\"; filename=\"repo.zip\"", type, repository)
                .text("projectFolder", "", "jobs/prices".getBytes(LATIN));
        Answer plan = plan(parts);
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        assertThat(plan.json().path("entryPoint").asString()).isEqualTo("main.py");
        assertThat(plan.json().path("files"))
                .extracting(file -> file.path("path").asString())
                .containsExactly("conf/app.ini", "main.py");
        Answer raw = plan("/plans?projectFolder=jobs/sales/", "application/zip", repository);
        assertThat(raw.json().path("files"))
                .extracting(file -> file.path("path").asString())
                .containsExactly("main.py");
        for (String folder : List.of("jobs/none", "../x", "jobs/prices/main.py")) {
            Answer refused = plan(new Parts()
                    .part("name=\"project\"; filename=\"repo.zip\"", type, repository)
                    .text("projectFolder", "", folder.getBytes(LATIN)));
            assertThat(refused.status()).as(folder).isEqualTo(422);
            assertThat(refused.text()).contains("projectFolder");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/jobs/", "/%6Aobs/", "/job%73/"})
    void anAddressMayBeWrittenWithPercentSigns(String jobs) throws Exception {
        Answer answer = alice().get(jobs + "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("urn:slipway:problem:job-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name=\"name\"; filename=\"", "name=\"project\"; filename*=\"", "name=\"name\"; size=\""})
    void aQuoteThatIsNeverClosedIsAProblem(String disposition) throws Exception {
        Answer refused = plan(new Parts().part(disposition, "text/plain", "x".getBytes(LATIN)));
        assertThat(refused.status()).as(disposition).isBetween(400, 422);
        assertThat(refused.text()).contains("urn:slipway:problem:");
    }

    private static byte[] zip(String... pathsAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int at = 0; at < pathsAndTexts.length; at += 2) {
                zip.putNextEntry(new ZipEntry(pathsAndTexts[at]));
                zip.write(pathsAndTexts[at + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain; charset=ISO-8859-1, ISO-8859-1",
        "text/plain;charset=\"windows-1252\", windows-1252",
        "text/plain; charset=UTF-16LE, UTF-16LE",
        "text/plain, UTF-8",
        "'', UTF-8"
    })
    void aTextIsReadInTheCharsetThatItsPartNames(String type, String charset) throws Exception {
        Answer answer = plan(new Parts().project().text("arguments", type, "Zürich".getBytes(charset)));

        assertThat(lastArgument(answer)).isEqualTo("Zürich");
    }

    @Test
    void aSpecIsReadInItsCharsetToo() throws Exception {
        byte[] spec = "{\"arguments\": [\"Zürich\"]}".getBytes(LATIN);
        assertThat(lastArgument(plan(new Parts().project().text("spec", "application/json; charset=ISO-8859-1", spec))))
                .isEqualTo("Zürich");

        byte[] marked = "\uFEFF{\"arguments\": [\"Zürich\"]}".getBytes(StandardCharsets.UTF_16LE);
        assertThat(lastArgument(plan(new Parts()
                        .project()
                        .part("name=\"spec\"; filename=\"spec.json\"", "Content-Type: application/json\r\n", marked))))
                .isEqualTo("Zürich");
    }

    @Test
    void aFormMayNameOneCharsetForAllItsTexts() throws Exception {
        Parts form = new Parts()
                .text("_charset_", "", "iso-8859-1".getBytes(LATIN))
                .project()
                .text("arguments", "", "Zürich".getBytes(LATIN));

        assertThat(lastArgument(plan(form))).isEqualTo("Zürich");
    }

    @ParameterizedTest
    @ValueSource(strings = {"arguments", "spec", "name", "labels"})
    void textThatCannotBeReadIsToldAndNotReplaced(String field) throws Exception {
        Answer answer = plan(new Parts().project().text(field, "", "a=\u00fc".getBytes(LATIN)));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("invalid-spec");
        assertThat(answer.json().path("errors").get(0).path("at").asString()).isEqualTo(field);
        assertThat(answer.text()).contains("charset=ISO-8859-1");
        assertThat(plan(new Parts().project().text(field, "text/plain; charset=klingon", new byte[] {65}))
                        .text())
                .contains("klingon", "UTF-8");
    }

    @Test
    void whatAFormLeavesEmptySaysNothing() throws Exception {
        Parts form = new Parts().project();
        for (String field : List.of(
                "arguments", "name", "environment", "labels", "spec", "project", "config", "configPath", "timeout")) {
            form.text(field, "", new byte[0]);
        }
        form.part("name=\"config\"; filename=\"\"", "Content-Type: application/octet-stream\r\n", new byte[0]);
        form.part("name=\"pythonEnvironment\"; filename=\"\"", "", new byte[0]);
        form.part("name=\"other\"; filename=\"\"", "", new byte[0]);

        Answer answer = plan(form);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("name").asString()).isEqualTo("p");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/octet-stream\r\n",
                "Content-Type: application/zip\r\n",
                "Content-Type: application/x-zip-compressed\r\n",
                "Content-Type: text/plain\r\n",
                ""
            })
    void aProjectNeedsNoFileName(String type) throws Exception {
        Answer answer = plan(new Parts().part("name=\"project\"", type, zip()));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("entryPoint").asString()).isEqualTo("main.py");
    }

    @Test
    void aProjectWithoutAFileNameMayBeLongerThanAText() throws Exception {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);

        Answer answer =
                plan(new Parts().part("name=\"project\"", "Content-Type: application/octet-stream\r\n", zip(noise)));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @Test
    void aConfigFileWithoutANameNeedsAPath() throws Exception {
        Parts unnamed = new Parts()
                .project()
                .part("name=\"config\"", "Content-Type: application/octet-stream\r\n", new byte[] {1});
        assertThat(plan(unnamed).text()).contains("configPath");

        Parts named = new Parts()
                .project()
                .part("name=\"config\"", "Content-Type: application/octet-stream\r\n", new byte[] {1})
                .text("configPath", "", "conf/x.bin".getBytes(LATIN));
        assertThat(plan(named).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base64", "quoted-printable"})
    void aPartThatIsEncodedOnceMoreIsTold(String encoding) throws Exception {
        Answer answer = plan(new Parts()
                .part(
                        "name=\"project\"; filename=\"p.zip\"",
                        "Content-Transfer-Encoding: " + encoding + "\r\n",
                        zip()));

        assertThat(answer.problem()).isEqualTo("malformed-request");
        assertThat(answer.text()).contains("Content-Transfer-Encoding", encoding);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/zip",
                "application/gzip",
                "application/x-zip-compressed",
                "application/octet-stream",
                "APPLICATION/ZIP; charset=binary"
            })
    void theBodyMayBeTheProject(String type) throws Exception {
        Answer answer = plan(
                "/plans?name=raw&arguments=a%20b&arguments=Z%C3%BCrich&labels=team%3Dx&timeout=2h&sparkConf=spark.x=1",
                type, zip());

        assertThat(lastArgument(answer)).isEqualTo("Zürich");
        assertThat(answer.json().path("name").asString()).isEqualTo("raw");
    }

    @Test
    void aPythonFileIsAProjectAsTheBody() throws Exception {
        byte[] source = "print(1)\n".getBytes(StandardCharsets.UTF_8);

        assertThat(plan("/plans", "text/x-python", source)
                        .json()
                        .path("entryPoint")
                        .asString())
                .isEqualTo("main.py");
        assertThat(plan("/plans", "text/x-python", source, "Content-Disposition", "attachment; filename=\"etl.py\"")
                        .json()
                        .path("entryPoint")
                        .asString())
                .isEqualTo("etl.py");
    }

    @Test
    void aBodyWithAProjectKeepsItsLimits() throws Exception {
        assertThat(plan("/plans", "application/zip", new byte[1_100_000]).problem())
                .isEqualTo("upload-too-large");
        Answer chunked = alice().send(alice().request("/plans")
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(new byte[1_100_000]))));
        assertThat(chunked.problem()).isEqualTo("upload-too-large");
        assertThat(plan("/plans", "application/zip", new byte[0]).problem()).isEqualTo("missing-part");
        assertThat(plan("/plans?project=job:x", "application/zip", zip()).problem())
                .isEqualTo("missing-part");
    }

    @Test
    void whatIsNoProjectIsToldHowToBeSent() throws Exception {
        for (String type : java.util.Arrays.asList(
                null,
                "application/json",
                "application/x-www-form-urlencoded",
                "text/plain",
                "multipart/mixed; boundary=B",
                "nonsense")) {
            for (byte[] body : List.of(new byte[] {1}, new byte[200_000])) {
                Answer answer = plan("/jobs", type, body);

                assertThat(answer.status()).as(type + answer.text()).isEqualTo(415);
                assertThat(answer.problem()).isEqualTo("unsupported-media-type");
                assertThat(answer.text()).contains("-F project=@");
                assertThat(answer.header("Accept")).contains("multipart/form-data", "application/zip");
            }
        }
    }

    @Test
    void aBodyThatWasCompressedIsRefusedByName() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new Parts().project().end());
        }

        Answer answer = plan("/plans", FORM, packed.toByteArray(), "Content-Encoding", "gzip");

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.text()).contains("Content-Encoding", "gzip");
        assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
        assertThat(plan("/plans", FORM, new Parts().project().end(), "Content-Encoding", "identity")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aFormWithoutItsBoundaryIsTold() throws Exception {
        Answer answer =
                plan("/plans", "multipart/form-data", new Parts().project().end());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("boundary", "library");
    }

    @Test
    void aTextThatCameAsAFileAndAFileOfAnotherNameAreTold() throws Exception {
        assertThat(plan(new Parts().project().part("name=\"arguments\"; filename=\"a\"", "", new byte[] {65}))
                        .text())
                .contains("arguments", "leave out its file name");
        assertThat(plan(new Parts().part("name=\"file\"; filename=\"p.zip\"", "", zip()))
                        .text())
                .contains("no file part 'file'", "'project'");
    }

    @Test
    void textsOfAFormAreNotUnlimited() throws Exception {
        Answer answer = plan(new Parts().project().text("spec", "", new byte[900_000]));
        assertThat(answer.status()).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/jobs?status=RUNNING | state",
                "/jobs?State=RUNNING | state",
                "/jobs?labels=a=b | label",
                "/jobs?page=2 | before",
                "/jobs/x/logs/stdout?lines=5 | tail",
                "/events?since=1 | after",
                "/clusters?x | none",
                "/stats?from=1 | days",
                "/?x=1 | none",
                "/jobs?before=xx | next",
                "/jobs?before=01JD3Q8Z0V7M4T2K5E9XHWBRC | next",
                "/events?after=-1 | 0 or more",
                "/events?after=x | whole number",
                "/jobs?limit=1&limit=2 | once",
                "/jobs?limit=ten | whole number",
                "/jobs?state=done | RECEIVING, QUEUED, SUBMITTING, PENDING, RUNNING, SUCCEEDED, FAILED, CANCELLED",
                "/jobs?state=RUNNING,done | 'done'",
                "/jobs?createdFrom=2026-11-22 | 2026-11-22T00:00:00Z"
            })
    void aParameterThatNobodyReadsIsRefused(String address, String says) throws Exception {
        Answer answer = alice().get(address);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-parameter");
        assertThat(answer.json().path("detail").asString()).contains(says);
    }

    @Test
    void unknownParametersOfASubmissionAreRefused() throws Exception {
        Answer answer = plan("/plans?args=1", FORM, new Parts().project().end());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("args", "arguments");
        assertThat(alice().post("/jobs/x/cancel?force=true").problem()).isEqualTo("invalid-parameter");
    }

    @Test
    void statesAreKnownInAnyCase() throws Exception {
        assertThat(alice().get("/jobs?state=running,Failed").status()).isEqualTo(200);
        assertThat(alice().get("/events?state=succeeded").status()).isEqualTo(200);
        assertThat(alice().get("/jobs?state=").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/jobs/ | Did you mean /jobs?",
                "/jobs/x/logs/ | Did you mean /jobs/x/logs?",
                "/api/v1/jobs | Did you mean /jobs?",
                "/v1/clusters/ | Did you mean /clusters?",
                "/job/x | Did you mean /jobs/x?",
                "/jobs/x/log | /logs",
                "/nothing | /jobs, /plans, /clusters, /events, /stats"
            })
    void anAddressThatLeadsNowhereTellsWhatThereIs(String address, String says) throws Exception {
        Answer answer = alice().get(address);

        assertThat(answer.status()).as(answer.text()).isEqualTo(404);
        assertThat(answer.json().path("detail").asString()).contains(says);
    }

    @Test
    void aMethodThatCannotBeUsedNamesThoseThatCan() throws Exception {
        Answer answer = alice().send(alice().request("/jobs").PUT(HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("GET").contains("POST");
        assertThat(answer.json().path("detail").asString()).contains("GET and POST", "-F project=@");
        assertThat(alice().get("/jobs/x/cancel").json().path("detail").asString())
                .contains("it takes POST");
    }

    @Test
    void theRootTellsWhereEverythingIsToEverybody() throws Exception {
        Service nobody = new Service(port, null);
        Answer root = nobody.get("/");

        assertThat(root.status()).isEqualTo(200);
        for (String address : List.of("description", "swaggerUi", "client", "health")) {
            String link = root.json().path("links").path(address).asString();
            assertThat(nobody.get(java.net.URI.create(link).getPath()).status())
                    .as(link)
                    .isIn(200, 302, 404);
        }
        assertThat(alice().get(java.net
                                .URI
                                .create(root.json().path("links").path("jobs").asString())
                                .getPath())
                        .status())
                .isEqualTo(200);
        assertThat(nobody.get("/v3/api-docs").status()).isEqualTo(200);
        assertThat(nobody.get("/v3/api-docs.yaml").status()).isEqualTo(200);
        assertThat(nobody.get("/jobs").status()).isEqualTo(401);
    }

    @Test
    void aBodyThatNobodyReadEndsTheConnectionAndTheAnswerSaysSo() throws Exception {
        String request = "OPTIONS /jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret-token\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        try (RawClient client = new RawClient(port)) {
            RawClient.Answer answer = client.send(request).answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    private static byte[] zip() {
        return zip(new byte[0]);
    }

    private static byte[] zip(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write("print('ran')\n".getBytes(StandardCharsets.UTF_8));
            if (data.length > 0) {
                zip.putNextEntry(new ZipEntry("data.bin"));
                zip.write(data);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
