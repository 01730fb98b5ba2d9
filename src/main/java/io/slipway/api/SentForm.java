package io.slipway.api;

import io.slipway.project.HeldBytes;
import io.slipway.project.HoldingStream;
import io.slipway.project.WorkFolder;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a submission's request carries, whether it came as a form or as a project with a query. Its files go with it. */
final class SentForm implements AutoCloseable {

    private final Map<String, List<String>> texts = new LinkedHashMap<>();
    private final Map<String, List<SentFile>> files = new LinkedHashMap<>();
    private final WorkFolder work;
    private final long mustStayFree;
    private int memoryLeft = HoldingStream.MOST;

    /**
     * @param work is closed with the form
     * @param mustStayFree bytes of its disk
     */
    SentForm(WorkFolder work, long mustStayFree) {
        this.work = work;
        this.mustStayFree = mustStayFree;
    }

    /** What a person left empty says nothing: browsers send every field of a form. */
    void text(String name, String value) {
        if (!value.isEmpty()) {
            texts.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
        }
    }

    /** Of a field that was sent as a file and as texts, the file; of one that was sent as several texts, the last. */
    void keepLast(String field) {
        if (files.containsKey(field)) {
            texts.remove(field);
        }
        texts.computeIfPresent(field, (name, all) -> new ArrayList<>(all.subList(all.size() - 1, all.size())));
    }

    void file(String field, SentFile file) {
        files.computeIfAbsent(field, none -> new ArrayList<>()).add(file);
    }

    /**
     * Takes a file in. What comes first stays in memory, up to {@link HoldingStream#MOST} of the whole form; what does not fit there goes
     * to the disk.
     *
     * @return {@code null} when there are more than {@code most} bytes
     * @throws IOException when the client's bytes cannot be read
     * @throws io.slipway.submission.StorageUnavailable when they cannot be written
     */
    @Nullable
    HeldBytes take(InputStream content, long most) throws IOException {
        try (HoldingStream taken = new HoldingStream(work, memoryLeft, mustStayFree)) {
            if (Spooled.copy(content, taken, most) > most) {
                return null;
            }
            memoryLeft -= taken.inMemory();
            return taken.held();
        }
    }

    List<SentFile> files(String field) {
        return files.getOrDefault(field, List.of());
    }

    List<String> texts(String field) {
        return texts.getOrDefault(field, List.of());
    }

    /** All texts but those of the given fields. */
    Map<String, List<String>> textsWithout(java.util.Set<String> fields) {
        Map<String, List<String>> others = new LinkedHashMap<>(texts);
        others.keySet().removeAll(fields);
        return others;
    }

    @Override
    public void close() {
        work.close();
    }
}
