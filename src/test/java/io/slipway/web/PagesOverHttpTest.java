package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.ApiService;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.project.archive.ZipFixture;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What pages hold, without a browser. */
class PagesOverHttpTest extends ApiService {

    private static final Pattern ROW = Pattern.compile("<tr id=\"job-");
    private static final Pattern BAR = Pattern.compile("aria-label=\"[^\"]+, 2\\d{3}-");

    @Test
    void aPageOfTheListIsAsLongAsItsReaderWantsIt() throws Exception {
        for (int job = 0; job < 26; job++) {
            cancelled("long-list", "print(1)\n");
        }
        String short_ = page("/ui/jobs?name=long-list&size=25");
        assertThat(ROW.matcher(short_).results()).hasSize(25);
        assertThat(short_).contains("size=25").contains("before=");
        assertThat(ROW.matcher(page("/ui/jobs?name=long-list&size=50")).results())
                .hasSize(26);
        assertThat(ROW.matcher(page("/ui/jobs?name=long-list&size=7")).results())
                .as("no size that there is")
                .hasSize(26);
    }

    @Test
    void aJobShowsHowThoseOfItsNameWent() throws Exception {
        cancelled("history", "print(1)\n");
        String last = cancelled("history", "print(2)\n");
        cancelled("other-history", "print(3)\n");
        String page = page("/ui/jobs/" + last);
        assertThat(page).contains("Jobs of this name");
        assertThat(BAR.matcher(page).results()).hasSize(2);
        assertThat(page("/ui/jobs/" + cancelled("without-history", "print(4)\n")))
                .doesNotContain("Jobs of this name");
    }

    /** htmx ends with an error where it is to put news into a part that the page does not have. */
    @Test
    void aJobsPageHasAllPartsThatNewsArePutInto() throws Exception {
        String page = page("/ui/jobs/" + cancelled("parts", "print(1)\n"));
        List<String> parts = Pattern.compile("hx-select-oob=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(",")))
                .map(part -> part.replaceAll("^#|:.*$", ""))
                .toList();
        assertThat(parts)
                .contains("failure")
                .allSatisfy(part -> assertThat(page).contains("id=\"" + part + "\""));
    }

    @Test
    void theProjectOfAJobCanBeDownloaded() throws Exception {
        String id = cancelled("my job", "print('downloaded')\n");
        Answer zip = alice().get("/ui/jobs/" + id + "/project.zip");
        assertThat(zip.status()).isEqualTo(200);
        assertThat(zip.header("Content-Type")).isEqualTo("application/zip");
        assertThat(zip.header("Content-Disposition")).isEqualTo("attachment; filename=\"my-job-" + id + ".zip\"");
        try (ZipInputStream files =
                new ZipInputStream(new ByteArrayInputStream(zip.response().body()))) {
            ZipEntry file = files.getNextEntry();
            assertThat(file.getName()).isEqualTo("main.py");
            assertThat(new String(files.readAllBytes())).isEqualTo("print('downloaded')\n");
            assertThat(files.getNextEntry()).isNull();
        }
        assertThat(alice().get("/ui/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN/project.zip")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void thePlanOfAJobShowsItsArgumentsOneALine() throws Exception {
        String id = cancelled(Form.script("print(1)\n")
                .field("name", "with-arguments")
                .field("arguments", "--path")
                .field("arguments", "a b <i>"));
        assertThat(page("/ui/jobs/" + id + "/plan"))
                .contains("<dt>Arguments</dt>")
                .containsPattern("<pre>--path\\s+a b &lt;i&gt;</pre>");
        assertThat(page("/ui/jobs/" + cancelled("without-arguments", "print(1)\n") + "/plan"))
                .containsPattern("<dt>Arguments</dt><dd><span class=\"muted\">none</span>");
    }

    @Test
    void thePlanOfAJobShowsWhatOfItsUploadIsNoPartOfTheProject() throws Exception {
        byte[] zip = ZipFixture.zip()
                .file("main.py", "print('left out')\n")
                .file(".git/config", "[core]\n")
                .file(".git/HEAD", "ref: refs/heads/main\n")
                .file("a&b.py~", "print('an older text')\n")
                .bytes();
        String id = cancelled(new Form().file("project", "project.zip", zip));

        assertThat(page("/ui/jobs/" + id + "/plan"))
                .contains("Left out of the project")
                .containsPattern(
                        ">\\.git</span>\\s*<span class=\"muted\">\\(2 files\\) The history of version control;")
                .contains(">a&amp;b.py~</span>");
        assertThat(page("/ui/jobs/" + cancelled("nothing left out", "print(1)\n") + "/plan"))
                .doesNotContain("Left out of the project");
    }

    private String page(String address) throws Exception {
        Answer answer = alice().get(address, "Accept", "text/html");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text();
    }

    /** As a browser sends the form where scripts do not run: each field, empty or not, and lines as HTML ends them. */
    @Test
    void aFormThatABrowserSendsByItselfIsTakenAsItIsMeant() throws Exception {
        String earlier = cancelled("form-of-before", "print(1)\n");
        Form form = new Form()
                .field("project", "job:" + earlier)
                .file("project", "main.py", "print(2)\n".getBytes())
                .file("config", "", new byte[0])
                .field("name", "plain-form")
                .field("arguments", "one\r\ntwo words\r\n\r\n")
                .field("labels", "team=web\r\nrun=nightly")
                .field("timeout", "");
        Answer sent = alice().post(form, "Sec-Fetch-Dest", "document", "Accept", "text/html,*/*;q=0.8");
        assertThat(sent.status()).as(sent.text()).isEqualTo(303);
        assertThat(sent.header("Location")).startsWith("/ui/jobs/");
        String id = sent.header("Location").substring("/ui/jobs/".length());
        alice().post("/jobs/" + id + "/cancel");
        JsonNode job = alice().get("/jobs/" + id).json();
        assertThat(job.path("spec").path("arguments").valueStream().map(JsonNode::asString))
                .containsExactly("one", "two words");
        assertThat(job.path("labels").path("team").asString()).isEqualTo("web");
        assertThat(job.path("labels").path("run").asString()).isEqualTo("nightly");
    }

    private String cancelled(String name, String source) throws Exception {
        return cancelled(Form.script(source).field("name", name));
    }

    /** Before it has done anything: nothing is to go on when the tests have ended. */
    private String cancelled(Form form) throws Exception {
        Answer answer = alice().post(form);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String id = answer.json().path("id").asString();
        alice().post("/jobs/" + id + "/cancel");
        return id;
    }
}
