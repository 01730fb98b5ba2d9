package io.slipway.project.archive;

import io.slipway.project.Finding;
import io.slipway.project.Finding.Severity;
import io.slipway.project.Printable;
import io.slipway.project.RandomBytes;
import io.slipway.project.archive.Content.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * A first look along a zip's table of contents for what must be known before its entries are taken: how much memory unpacking takes, and
 * in which code page names are that carry no mark. The program's own sources often name its files, which is better than any guess.
 */
final class ZipSurvey {

    private static final Pattern SOURCE = Pattern.compile(
            ".*\\.(py|ini|cfg|conf|toml|ya?ml|json|txt|md|sh|sql|properties)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final int MOST_NAMES = 200;
    private static final int MOST_SOUGHT = 32;
    private static final int MOST_SOURCES = 200;
    private static final int MOST_OF_A_SOURCE = 256 << 10;
    private static final int MOST_OF_ALL_SOURCES = 2 << 20;
    private static final int SHOWN = 5;

    private final List<byte[]> names = new ArrayList<>();
    private int legacy;
    private int megabytes;
    private CodePage page = CodePage.ORIGINAL;
    private boolean named;

    private final ReadBudget budget;
    private int seen;

    private ZipSurvey(ReadBudget budget) {
        this.budget = budget;
    }

    static ZipSurvey of(ZipDirectory directory, RandomBytes file, ReadBudget budget) throws IOException {
        ZipSurvey survey = new ZipSurvey(budget);
        directory.forEach(survey::visit);
        if (survey.legacy > 0) {
            survey.decide(directory, file);
        }
        return survey;
    }

    private void visit(ZipEntryHeader entry) {
        budget.foreseen(++seen);
        megabytes = Math.max(megabytes, ZipMethods.megabytes(entry.method()));
        if (EntryNames.isLegacy(entry)) {
            legacy++;
            if (names.size() < MOST_NAMES) {
                names.add(entry.name());
            }
        }
    }

    /** What the decompressors of its entries hold at most. */
    int megabytes() {
        return megabytes;
    }

    CodePage codePage() {
        return page;
    }

    private void decide(ZipDirectory directory, RandomBytes file) throws IOException {
        Map<CodePage, Integer> hits = new EnumMap<>(CodePage.class);
        Map<CodePage, List<String>> sought = sought();
        int[] left = {MOST_SOURCES, MOST_OF_ALL_SOURCES};
        directory.forEach(entry -> {
            if (left[0] > 0 && left[1] > 0 && isSource(entry)) {
                left[0]--;
                String text = text(entry, file, Math.min(left[1], MOST_OF_A_SOURCE));
                left[1] -= text.length();
                sought.forEach((candidate, segments) -> hits.merge(
                        candidate,
                        (int) segments.stream().filter(text::contains).count(),
                        Integer::sum));
            }
        });
        Optional<CodePage> best = hits.entrySet().stream()
                .filter(hit -> hit.getValue() > 0)
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
        named = best.isPresent();
        page = best.orElseGet(() -> CodePage.guess(names));
    }

    /** What the names' parts would be in each code page. */
    private Map<CodePage, List<String>> sought() {
        Map<CodePage, List<String>> sought = new EnumMap<>(CodePage.class);
        for (CodePage candidate : CodePage.values()) {
            sought.put(
                    candidate,
                    names.stream()
                            .limit(MOST_SOUGHT)
                            .flatMap(name -> candidate.decoded(name).stream())
                            .flatMap(name -> List.of(name.split("[/\\\\]")).stream())
                            .filter(part -> part.chars().anyMatch(letter -> letter > 0x7F))
                            .distinct()
                            .toList());
        }
        return sought;
    }

    private static boolean isSource(ZipEntryHeader entry) {
        return (entry.method() == ZipEntry.STORED || entry.method() == ZipEntry.DEFLATED)
                && !entry.isEncrypted()
                && SOURCE.matcher(new String(entry.name(), StandardCharsets.ISO_8859_1))
                        .matches();
    }

    /** Not checked and not counted: whatever it is, only the names of files are looked for in it. */
    private static String text(ZipEntryHeader entry, RandomBytes file, int most) {
        Content announced = ZipUpload.announced(entry);
        try {
            long data = ZipContents.data(file, announced);
            if (data < 0) {
                return "";
            }
            try (InputStream in = ZipContents.unpacked(file, announced.movedTo(Source.UPLOAD, data))) {
                return new String(in.readNBytes(most), StandardCharsets.UTF_8);
            }
        } catch (IOException | RuntimeException damaged) {
            // Whoever reads it next says so.
            return "";
        }
    }

    /** What became of names that carry no mark; {@code null} when there are none. */
    @Nullable
    Finding finding() {
        if (legacy == 0) {
            return null;
        }
        List<String> shown = names.stream()
                .limit(SHOWN)
                .map(name -> Printable.quoted(page.decode(name)))
                .toList();
        return new Finding(
                "names-not-utf-8",
                named ? Severity.INFO : Severity.WARNING,
                null,
                null,
                "%,d names in the zip are not UTF-8. They were read as %s, %s: %s%s"
                        .formatted(
                                legacy,
                                page.title(),
                                named ? "as the project's files name them" : "which is a guess",
                                String.join(", ", shown),
                                legacy > SHOWN ? " …" : "."),
                "Pack with a tool that writes UTF-8 names when one is wrong: python -m zipfile, 7-Zip with -mcu=on, or"
                        + " tar.");
    }
}
