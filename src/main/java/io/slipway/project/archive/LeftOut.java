package io.slipway.project.archive;

/**
 * Something of an upload that does not become part of the project.
 *
 * @param path of the file, link or whole folder, from the project's root; as the archive has it where it lies outside of that
 * @param files how many files it stands for
 */
public record LeftOut(String path, Reason reason, int files) {

    /** Why something does not travel. */
    public enum Reason {
        VERSION_CONTROL("The history of version control; no job reads it."),
        CACHE("A tool's cache; the tool makes it again where it needs it."),
        COMPILED("Compiled Python with its source beside it, or of Python 2."),
        ENVIRONMENT("A Python environment that works on one machine alone; send its packages as requirements or as a"
                + " pythonEnvironment."),
        EDITOR("What an editor or an office program leaves beside the file that is open."),
        SYSTEM("What an operating system leaves beside files."),
        DANGLING_LINK("A link to something that is not in the archive."),
        LINK_TO_LEFT_OUT("A link to something that is left out itself."),
        EARLIER_VERSION("The archive holds a later file of this path, which travels instead."),
        SUBMODULE("A submodule of git: another repository, which is not fetched. Send an archive that has it."),
        MORE("There are too many to list.");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        public String sentence() {
            return sentence;
        }
    }
}
