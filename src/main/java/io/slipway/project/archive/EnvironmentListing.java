package io.slipway.project.archive;

import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What a packed environment would lay out where it is unpacked. Only its headers are looked at, in one pass. */
public final class EnvironmentListing {

    private static final int MOST_ENTRIES = 500_000;

    /** Compiled code and tables shrink well; the limit is on what is unpacked. */
    private static final int MOST_RATIO = 1_000;

    private static final Pattern PYTHON = Pattern.compile("bin/python");

    private EnvironmentListing() {}

    /**
     * Why it must not be given to others, for people: paths that lead out, links that lead out, devices, no Python. Empty for one that is
     * all right.
     *
     * @param mostUnpacked bytes of all of it
     * @throws IOException when the file cannot be opened
     */
    public static Optional<String> fault(Path file, long mostUnpacked) throws IOException {
        ArchiveLimits limits = new ArchiveLimits(mostUnpacked, MOST_ENTRIES, MOST_RATIO, 1L << 30);
        ReadBudget budget = new ReadBudget(limits, InspectionMemory.alone());
        boolean python = false;
        // A path through a link leads to another folder than it names.
        Set<String> links = new HashSet<>();
        Set<String> folders = new HashSet<>();
        try (UnpackedTar gunzipped = new UnpackedTar(HeldBytes.of(file), Compression.GZIP, budget);
                TarArchiveInputStream tar = new TarArchiveInputStream(gunzipped)) {
            for (TarArchiveEntry entry = gunzipped.next(tar); entry != null; entry = gunzipped.next(tar)) {
                budget.entry();
                Optional<String> fault = fault(entry);
                if (fault.isPresent()) {
                    return fault;
                }
                String name = plain(entry.getName());
                python |= PYTHON.matcher(name).matches();
                if (entry.isSymbolicLink() && links.add(name)) {
                    budget.names(name.length());
                }
                for (String folder = folder(name); folders.add(folder); folder = folder(folder)) {
                    budget.names(folder.length());
                }
            }
        } catch (InvalidProject tooLarge) {
            return Optional.of("it is damaged, or unpacks to more than it may");
        } catch (FileSystemException unreadable) {
            throw unreadable;
        } catch (IOException | RuntimeException damaged) {
            return Optional.of("it is no readable .tar.gz");
        }
        links.retainAll(folders);
        if (!links.isEmpty()) {
            return Optional.of("something in it lies behind the link "
                    + shown(links.iterator().next()));
        }
        return python ? Optional.empty() : Optional.of("it has no bin/python");
    }

    private static Optional<String> fault(TarArchiveEntry entry) {
        String name = plain(entry.getName());
        if (leadsOut("", name)) {
            return Optional.of("the path " + shown(name) + " leads out of it");
        }
        if (entry.isSymbolicLink()) {
            return leadsOut(folder(name), entry.getLinkName())
                    ? Optional.of("the link " + shown(name) + " leads out of it")
                    : Optional.empty();
        }
        if (entry.isLink()) {
            return leadsOut("", plain(entry.getLinkName()))
                    ? Optional.of("the link " + shown(name) + " leads out of it")
                    : Optional.empty();
        }
        return entry.isDirectory() || entry.isFile() && !special(entry)
                ? Optional.empty()
                : Optional.of(shown(name) + " is neither a file, a folder nor a link");
    }

    private static boolean special(TarArchiveEntry entry) {
        return entry.isBlockDevice() || entry.isCharacterDevice() || entry.isFIFO();
    }

    private static String plain(String path) {
        String plain = path;
        while (plain.startsWith("./")) {
            plain = plain.substring(2);
        }
        return plain.equals(".") ? "" : plain;
    }

    private static String folder(String path) {
        return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    }

    /** Steps upwards come first or not at all: behind a name that is a link they would lead elsewhere. */
    static boolean leadsOut(String from, String path) {
        if (path.startsWith("/") || path.indexOf('\0') >= 0) {
            return true;
        }
        int up = from.isEmpty() ? 0 : from.split("/").length;
        boolean down = false;
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                up--;
                if (down || up < 0) {
                    return true;
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                down = true;
            }
        }
        return false;
    }

    private static String shown(String name) {
        return name.length() <= 200 ? name : name.substring(0, 200) + "…";
    }
}
