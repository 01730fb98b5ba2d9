package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Whole folders are sent from the page, and of the spec only what its user said. */
class SubmitPageIT extends ConsolePages {

    @Test
    void aFolderIsDroppedAndRunsAsItLies() throws IOException {
        Path project = project("dropped");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        drop(page, project);
        assertThat(page.locator("#chosen")).containsText("dropped.zip");
        assertThat(page.locator("#chosen")).containsText("4 files");
        page.locator("#look").click();
        page.locator("#plan-count").click();
        assertThat(page.locator("#plan-files tr td:first-child"))
                .containsText(new String[] {"conf/app.ini", "main.py", "slipway.yml", "words/count.py"});
        sent(page);
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("[data-lines]")).containsText("counted by conf 3");
    }

    @Test
    void aChosenFolderRunsAsItLies() throws IOException {
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#folder", project("chosen"));
        assertThat(page.locator("#chosen")).containsText("4 files");
        sent(page);
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("[data-lines]")).containsText("counted by conf 3");
        assertThat(page.locator("h1")).containsText("from-the-project");
    }

    @Test
    void aDroppedArchiveIsTaken() throws IOException {
        Path program = folder.resolve("single.py");
        Files.writeString(program, "print('single')\n");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        drop(page, program);
        assertThat(page.locator("#chosen")).containsText("single.py");
    }

    @Test
    void whatTheProjectSaysHoldsWhereTheFormIsLeftEmpty() throws IOException {
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#folder", project("says"));
        assertThat(page.locator("#chosen")).containsText("4 files");
        sent(page);
        assertThat(page.locator("#facts")).containsText("1 of 3");

        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#folder", project("asked"));
        assertThat(page.locator("#chosen")).containsText("4 files");
        page.locator("#maxAttempts").fill("2");
        page.locator("#cluster").selectOption("local");
        sent(page);
        assertThat(page.locator("#facts")).containsText("1 of 2");
    }

    @Test
    void whatIsRunAgainKeepsItsSecretsUnlessTheyAreWrittenAnew() throws IOException {
        Path program = folder.resolve("secret.py");
        Files.writeString(
                program, "import os\nprint('it is', os.environ['PASSWORD'] or 'empty', os.environ['STAGE'])\n");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        page.locator(".fold summary").first().click();
        page.locator("#environment").fill("PASSWORD=a=secret\nSTAGE=test");
        sent(page);
        assertThat(page.locator("[data-lines]")).containsText("it is a=secret test", soonText());

        page.locator("a.button", new Page.LocatorOptions().setHasText("Run again"))
                .click();
        assertThat(page.locator("#environment")).hasValue("PASSWORD\nSTAGE");
        assertThat(page.locator("label[for=environment]")).containsText("a name alone keeps");
        assertThat(page.content()).doesNotContain("a=secret");
        sent(page);
        assertThat(page.locator("[data-lines]")).containsText("it is a=secret test", soonText());

        page.locator("a.button", new Page.LocatorOptions().setHasText("Run again"))
                .click();
        page.locator("#environment").fill("PASSWORD=\nSTAGE");
        page.locator("#look").click();
        assertThat(page.locator("#plan-entry")).hasText("secret.py");
        sent(page);
        assertThat(page.locator("[data-lines]")).containsText("it is empty test", soonText());
    }

    @Test
    void whatCannotBeKeptIsSaidAtItsField() throws IOException {
        Path program = folder.resolve("fresh.py");
        Files.writeString(program, "print('fresh')\n");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        page.locator(".fold summary").first().click();
        page.locator("#environment").fill("PASSWORD");
        page.locator("#send").click();
        assertThat(page.locator("[data-error=environment]")).containsText("PASSWORD has no value");
        page.locator("#environment").fill("A=1\nA=2");
        page.locator("#send").click();
        assertThat(page.locator("[data-error=environment]")).containsText("A is given twice");
    }

    @Test
    void configurationFilesThatAreLaidOverTheProjectAreMarkedInThePlan() throws IOException {
        Path production = Files.createDirectories(folder.resolve("production"));
        Files.writeString(production.resolve("app.ini"), "production\n");
        Files.writeString(production.resolve("extra.ini"), "more\n");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#folder", project("overlaid"));
        assertThat(page.locator("#chosen")).containsText("4 files");
        page.locator("details.more summary").click();
        page.setInputFiles("#overlay", new Path[] {production.resolve("app.ini"), production.resolve("extra.ini")});
        page.locator(".overlay input").first().fill("conf/app.ini");
        page.locator("#look").click();
        assertThat(page.locator("#plan-count")).hasText("5 files, 2 of them configuration laid over the project");
        page.locator("#plan-count").click();
        assertThat(row(page, "conf/app.ini")).containsText("configuration, replaced");
        assertThat(row(page, "extra.ini")).containsText("configuration, added");
        assertThat(row(page, "main.py")).not().containsText("configuration,");
        page.locator("#plan")
                .screenshot(new Locator.ScreenshotOptions()
                        .setPath(Path.of("target/screenshots/plan-with-configuration.png")));

        // Another look, and the job itself, tell the same.
        page.locator("#name").fill("overlaid");
        page.evaluate("document.getElementById('plan-files').replaceChildren()");
        page.locator("#look").click();
        assertThat(row(page, "extra.ini")).containsText("configuration, added");
        sent(page);
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("[data-lines]")).containsText("counted by production 3");
        String job = page.url();
        page.navigate(job + "/plan");
        assertThat(row(page, "conf/app.ini")).containsText("configuration, replaced");
        assertThat(row(page, "extra.ini")).containsText("configuration, added");
        assertThat(page.locator("#files-title")).containsText("2 of them configuration laid over the project");
        browser.look("plan-with-overlays", page.url());

        page.navigate(job);
        page.locator("a.button", new Page.LocatorOptions().setHasText("Run again"))
                .click();
        page.locator("#look").click();
        page.locator("#plan-count").click();
        assertThat(row(page, "conf/app.ini")).containsText("configuration, replaced");
    }

    private static Locator row(Page page, String path) {
        return page.locator(".plan-files tbody tr").filter(new Locator.FilterOptions().setHasText(path));
    }

    private static LocatorAssertions.ContainsTextOptions soonText() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(SOON);
    }

    private static Path project(String name) throws IOException {
        Path root = folder.resolve(name);
        for (String inner : new String[] {"conf", "words", "words/__pycache__", ".git"}) {
            Files.createDirectories(root.resolve(inner));
        }
        Files.writeString(root.resolve("main.py"), """
                from words.count import count
                print('counted by', open('conf/app.ini').read().strip(), count('a b c'))
                """);
        Files.writeString(root.resolve("words/count.py"), "def count(text):\n    return len(text.split())\n");
        Files.writeString(root.resolve("words/__pycache__/count.cpython-311.pyc"), "old");
        Files.writeString(root.resolve(".git/HEAD"), "ref: refs/heads/main\n");
        Files.writeString(root.resolve("conf/app.ini"), "conf\n");
        Files.writeString(root.resolve("slipway.yml"), "name: from-the-project\nmaxAttempts: 3\n");
        return root;
    }

    /** As when a person drags it from their file manager: no event made up in the page can carry a folder. */
    private static void drop(Page page, Path what) {
        Locator place = page.locator("#drop");
        place.scrollIntoViewIfNeeded();
        BoundingBox box = place.boundingBox();
        CDPSession debugger = page.context().newCDPSession(page);
        for (String type : new String[] {"dragEnter", "dragOver", "drop"}) {
            JsonObject event = new JsonObject();
            event.addProperty("type", type);
            event.addProperty("x", box.x + box.width / 2);
            event.addProperty("y", box.y + 10);
            JsonObject data = new JsonObject();
            data.add("items", new JsonArray());
            JsonArray files = new JsonArray();
            files.add(what.toString());
            data.add("files", files);
            data.addProperty("dragOperationsMask", 1);
            event.add("data", data);
            debugger.send("Input.dispatchDragEvent", event);
        }
    }
}
