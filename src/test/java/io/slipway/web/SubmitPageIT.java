package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
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
