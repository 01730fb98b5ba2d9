package io.slipway.project.archive;

import io.slipway.project.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is known of each entry of an upload and of the project that becomes of it, in rows of a few bytes: an upload can hold a hundred
 * thousand entries, and many are looked at once. Names and rows are counted by the budget. Rows are never removed, they are dropped.
 */
public final class EntryTable {

    enum Kind {
        FILE,
        FOLDER,
        /** Its target counts from the link's own folder. */
        SYMBOLIC_LINK,
        /** Its target counts from the archive's root. */
        HARD_LINK
    }

    private static final int ROWS_OF_A_CHUNK = 1 << 10;

    // The offsets of a row's fields.
    private static final int NAME = 0;
    private static final int FLAGS = 4;
    private static final int METHOD = 6;
    private static final int CRC = 8;
    private static final int HASH = 12;
    private static final int OTHER = 16;
    private static final int SIZE = 20;
    private static final int COMPRESSED = 28;
    private static final int AT = 36;
    private static final int SHA256 = 44;
    private static final int ROW = SHA256 + 32;

    private static final int KIND = 3;
    private static final int EXECUTABLE = 4;
    private static final int LEFT_OUT = 8;
    private static final int DROPPED = 16;
    private static final int READ = 32;
    private static final int MODELESS = 64;
    private static final int SOURCE_SHIFT = 8;
    private static final int BEGINNING_SHIFT = 10;

    private static final int NONE = -1;

    private final ReadBudget budget;
    private final NamePool names = new NamePool();
    private final List<ByteBuffer> chunks = new ArrayList<>();
    private int size;

    public EntryTable(ReadBudget budget) {
        this.budget = budget;
    }

    public int file(EntryPath path, boolean executable) {
        return add(path.value(), Kind.FILE, executable ? EXECUTABLE : 0);
    }

    /** One from a system without execute bits: whether it has one is told by its content. */
    int fileWithoutMode(EntryPath path) {
        return add(path.value(), Kind.FILE, MODELESS);
    }

    int folder(EntryPath path) {
        return add(path.value(), Kind.FOLDER, 0);
    }

    /** @param target as written, at most {@link SymlinkResolver#LONGEST} bytes */
    int link(EntryPath path, Kind kind, String target) {
        byte[] slashed = target.replace('\\', '/').getBytes(StandardCharsets.UTF_8);
        if (slashed.length > SymlinkResolver.LONGEST) {
            throw Upload.damaged(Printable.quoted(path.value()) + " is a link with an endless target");
        }
        int row = add(path.value(), kind, 0);
        budget.names(slashed.length);
        chunk(row).putInt(field(row, OTHER), names.add(slashed));
        return row;
    }

    /** The same file or folder under another path; what it holds is read once, with the original. */
    int copy(int original, String path) {
        int row = add(path, kind(original), flags(original) & (EXECUTABLE | MODELESS));
        chunk(row).putInt(field(row, OTHER), isCopy(original) ? original(original) : original);
        return row;
    }

    /** A link that is a file from now on: the other, as it is at this moment. */
    void becomeCopy(int link, int original) {
        ByteBuffer chunk = chunk(link);
        int kept = flags(link) & ~KIND | flags(original) & (EXECUTABLE | MODELESS);
        chunk.putShort(field(link, FLAGS), (short) (kept | Kind.FILE.ordinal()));
        chunk.putInt(field(link, OTHER), isCopy(original) ? original(original) : original);
    }

    /** Whether a file had no mode in its archive. */
    boolean isWithoutMode(int row) {
        return (flags(row) & MODELESS) != 0;
    }

    private int add(String path, Kind kind, int flags) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        budget.names(name.length);
        if (size == chunks.size() * ROWS_OF_A_CHUNK) {
            chunks.add(ByteBuffer.allocate(ROWS_OF_A_CHUNK * ROW));
        }
        int row = size++;
        ByteBuffer chunk = chunk(row);
        chunk.putInt(field(row, NAME), names.add(name));
        chunk.putShort(field(row, FLAGS), (short) (kind.ordinal() | flags));
        chunk.putInt(field(row, OTHER), NONE);
        return row;
    }

    int size() {
        return size;
    }

    /** Those that are part of the project, as far as it is known. */
    IntStream live() {
        return IntStream.range(0, size).filter(row -> (flags(row) & (LEFT_OUT | DROPPED)) == 0);
    }

    /** The same, and what was left out. */
    IntStream liveOrLeftOut() {
        return IntStream.range(0, size).filter(row -> (flags(row) & DROPPED) == 0);
    }

    String path(int row) {
        return names.text(name(row));
    }

    /** @param from bytes that are left out at the beginning */
    String path(int row, int from) {
        return names.text(name(row), from);
    }

    Kind kind(int row) {
        return Kind.values()[flags(row) & KIND];
    }

    boolean isFile(int row) {
        return kind(row) == Kind.FILE;
    }

    boolean isFolder(int row) {
        return kind(row) == Kind.FOLDER;
    }

    boolean isLink(int row) {
        return kind(row) == Kind.SYMBOLIC_LINK || kind(row) == Kind.HARD_LINK;
    }

    String linkTarget(int row) {
        return names.text(chunk(row).getInt(field(row, OTHER)));
    }

    boolean isExecutable(int row) {
        return (flags(row) & EXECUTABLE) != 0;
    }

    boolean isLeftOut(int row) {
        return (flags(row) & LEFT_OUT) != 0;
    }

    void leaveOut(int row) {
        flag(row, LEFT_OUT);
    }

    void drop(int row) {
        flag(row, DROPPED);
    }

    boolean isCopy(int row) {
        return !isLink(row) && original(row) != NONE;
    }

    /** Of a copy. */
    int original(int row) {
        return chunk(row).getInt(field(row, OTHER));
    }

    /** Whether the content was read to its end and checked. */
    boolean isRead(int row) {
        return (flags(row) & READ) != 0;
    }

    /** What was read of a file, or was announced when it was not read yet. */
    Content content(int row) {
        ByteBuffer chunk = chunk(row);
        byte[] sha256 = new byte[isRead(row) ? 32 : 0];
        chunk.get(field(row, SHA256), sha256);
        return new Content(
                chunk.getShort(field(row, METHOD)) & 0xFFFF,
                chunk.getLong(field(row, SIZE)),
                chunk.getLong(field(row, COMPRESSED)),
                chunk.getInt(field(row, CRC)) & 0xFFFF_FFFFL,
                HexFormat.of().formatHex(sha256),
                beginning(row),
                Content.Source.values()[flags(row) >> SOURCE_SHIFT & 3],
                chunk.getLong(field(row, AT)));
    }

    Beginning beginning(int row) {
        return Beginning.values()[flags(row) >> BEGINNING_SHIFT & 3];
    }

    /** A copy that gets a content is one no more. */
    void content(int row, Content content) {
        ByteBuffer chunk = chunk(row);
        chunk.putShort(field(row, METHOD), (short) content.method());
        chunk.putLong(field(row, SIZE), content.size());
        chunk.putLong(field(row, COMPRESSED), content.compressedSize());
        chunk.putInt(field(row, CRC), (int) content.crc());
        chunk.putLong(field(row, AT), content.at());
        if (!content.sha256().isEmpty()) {
            chunk.put(field(row, SHA256), HexFormat.of().parseHex(content.sha256()));
            flag(row, READ);
        }
        chunk.putInt(field(row, OTHER), NONE);
        int sources =
                content.source().ordinal() << SOURCE_SHIFT | content.beginning().ordinal() << BEGINNING_SHIFT;
        int kept = flags(row) & ~(3 << SOURCE_SHIFT | 3 << BEGINNING_SHIFT);
        chunk.putShort(field(row, FLAGS), (short) (kept | sources));
        if (isWithoutMode(row) && content.beginning().isProgram()) {
            flag(row, EXECUTABLE);
        }
    }

    /** A number that {@link TakenPaths} keeps with each row. */
    int hash(int row) {
        return chunk(row).getInt(field(row, HASH));
    }

    void hash(int row, int hash) {
        chunk(row).putInt(field(row, HASH), hash);
    }

    /** By the bytes of the path. */
    int[] sorted(IntStream rows) {
        return rows.boxed()
                .sorted((one, other) -> names.compare(name(one), name(other)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Where in sorted rows the first is whose path is not before the text. */
    int firstFrom(int[] sorted, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (names.compare(name(sorted[middle]), bytes) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether any of the sorted rows lies below the folder. */
    boolean anyBelow(int[] sorted, String folder) {
        int first = firstFrom(sorted, folder + "/");
        return first < sorted.length && startsWith(sorted[first], folder + "/");
    }

    boolean startsWith(int row, String prefix) {
        return names.startsWith(name(row), prefix.getBytes(StandardCharsets.UTF_8));
    }

    boolean endsWith(int row, byte[] suffix) {
        return names.endsWith(name(row), suffix);
    }

    private int name(int row) {
        return chunk(row).getInt(field(row, NAME));
    }

    private int flags(int row) {
        return chunk(row).getShort(field(row, FLAGS)) & 0xFFFF;
    }

    private void flag(int row, int flag) {
        chunk(row).putShort(field(row, FLAGS), (short) (flags(row) | flag));
    }

    private ByteBuffer chunk(int row) {
        return chunks.get(row / ROWS_OF_A_CHUNK);
    }

    private static int field(int row, int field) {
        return row % ROWS_OF_A_CHUNK * ROW + field;
    }
}
