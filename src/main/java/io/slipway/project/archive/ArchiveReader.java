package io.slipway.project.archive;

import io.slipway.project.ArtifactId;
import io.slipway.project.Finding;
import io.slipway.project.HeldBytes;
import io.slipway.project.HoldingStream;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Overlaid;
import io.slipway.project.RandomBytes;
import io.slipway.project.WorkFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/**
 * Turns what came, or was stored, into a checked project.
 *
 * @param workFolder takes the normalised zip and, while reading, as much again, as far as they are not small
 * @param folder of the upload that is the project; empty for all of it
 */
record ArchiveReader(List<ConfigOverlay> overlays, ArchiveLimits limits, WorkFolder workFolder, String folder) {

    ProjectArchive upload(HeldBytes upload, String fileName, InspectionMemory.Share memory) throws IOException {
        return guarded(memory, () -> {
            ReadBudget budget = new ReadBudget(limits, memory);
            try (Spool spool = new Spool(workFolder, limits.mustStayFree());
                    Upload open = Upload.open(upload, fileName, budget, spool)) {
                ProjectTree tree = ProjectTree.of(open, budget, new SourceTexts(open, spool), folder);
                return finished(tree, open, spool, budget, fileName, memory);
            }
        });
    }

    ProjectArchive stored(HeldBytes zip, ArtifactId id, InspectionMemory memory) throws IOException {
        Optional<ProjectArchive> believed = believed(zip, id, memory.share());
        return believed.isPresent() ? believed.get() : upload(zip, "project.zip", memory.share());
    }

    /** Empty when what stands in the zip does not make the id. */
    private Optional<ProjectArchive> believed(HeldBytes zip, ArtifactId id, InspectionMemory.Share memory)
            throws IOException {
        return guarded(memory, () -> {
            ReadBudget budget = new ReadBudget(limits, memory);
            try (Spool spool = new Spool(workFolder, limits.mustStayFree());
                    ZipUpload open = ZipUpload.stored(zip, budget, spool)) {
                ProjectTree tree = ProjectTree.of(open, budget, new SourceTexts(open, spool), "");
                readContents(tree, open, budget);
                if (!open.isNormalised() || !Manifest.id(tree).equals(id)) {
                    memory.close();
                    return Optional.empty();
                }
                return Optional.of(
                        overlays.isEmpty()
                                ? asItIs(zip, tree, open, memory)
                                : finished(tree, open, spool, budget, "project.zip", memory));
            }
        });
    }

    /** Nothing is written again: the zip is what would be. */
    private ProjectArchive asItIs(HeldBytes zip, ProjectTree tree, Upload open, InspectionMemory.Share memory)
            throws IOException {
        EntryTable table = tree.table();
        tree.files().forEach(row -> {
            Content content = table.content(row);
            table.content(row, content.movedTo(Content.Source.PROJECT, content.at()));
        });
        List<Finding> findings = new ArrayList<>(open.findings());
        findings.addAll(ArchiveFindings.of(tree));
        return new ProjectArchive(
                zip, workFolder, tree, SuggestedName.of("project.zip", ""), Map.of(), findings, memory);
    }

    ProjectArchive changed(
            HeldBytes base, ArtifactId baseId, HeldBytes manifest, @Nullable HeldBytes changes, InspectionMemory memory)
            throws IOException {
        InspectionMemory.Share share = memory.share(ChangedUpload.TABLES);
        return guarded(share, () -> {
            ReadBudget budget = new ReadBudget(limits, share);
            try (Spool spool = new Spool(workFolder, limits.mustStayFree());
                    ChangedUpload open =
                            ChangedUpload.open(base, baseId, manifest, changes, budget, spool, limits, share)) {
                ProjectTree tree = ProjectTree.of(open, budget, new SourceTexts(open, spool), "");
                ProjectArchive project = finished(tree, open, spool, budget, "project.zip", share);
                if (!project.id().equals(open.wantedId())) {
                    project.bytes().delete();
                    throw new InvalidProject(
                            Problem.WRONG_MANIFEST,
                            "The manifest is of sha256:%s, but its files make sha256:%s: it lists what never travels, such as caches. Send the whole project."
                                    .formatted(open.wantedId(), project.id()));
                }
                return project;
            }
        });
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** The memory is given back when it comes to nothing. */
    private static <T> T guarded(InspectionMemory.Share memory, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (UncheckedIOException e) {
            memory.close();
            throw e.getCause();
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private ProjectArchive finished(
            ProjectTree tree,
            Upload open,
            Spool spool,
            ReadBudget budget,
            String fileName,
            InspectionMemory.Share memory)
            throws IOException {
        Map<String, Overlaid> overlaid = Overlays.lay(overlays, tree, spool, budget);
        PackedProject.refuse(tree);
        readContents(tree, open, budget);
        List<Finding> findings = new ArrayList<>(open.findings());
        findings.addAll(ArchiveFindings.of(tree));
        return new ProjectArchive(
                write(tree, open, spool),
                workFolder,
                tree,
                SuggestedName.of(fileName, new EntryPath(tree.wrapper()).name()),
                overlaid,
                findings,
                memory);
    }

    /** Each content is read once, also when links made copies of it; the copies are counted like files. */
    private static void readContents(ProjectTree tree, Upload upload, ReadBudget budget) throws IOException {
        EntryTable table = tree.table();
        PrimitiveIterator.OfInt rows = tree.files().iterator();
        while (rows.hasNext()) {
            int row = rows.nextInt();
            int original = table.isCopy(row) ? table.original(row) : row;
            if (!table.isRead(original)) {
                table.content(original, upload.read(original));
            } else if (original != row) {
                Content known = table.content(original);
                // A hostile stream can be long and unpack to nothing.
                budget.copied(Math.max(known.size(), known.compressedSize()));
            }
            if (original != row) {
                table.content(row, table.content(original));
            }
        }
    }

    private HeldBytes write(ProjectTree tree, Upload upload, Spool spool) throws IOException {
        HoldingStream zip = new HoldingStream(workFolder, limits.mustStayFree());
        RandomBytes uploaded = upload.bytes();
        try {
            ProjectZip.write(
                    zip, tree, source -> uploaded == null || source == Content.Source.SPOOL ? spool.bytes() : uploaded);
            return zip.held();
        } catch (IOException | RuntimeException e) {
            zip.discard();
            throw e;
        }
    }
}
