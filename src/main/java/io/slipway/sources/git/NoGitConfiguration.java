package io.slipway.sources.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * The machine's and the user's git configuration are not read, nor git's variables: they could name proxies, other URLs for a host,
 * headers with credentials, or switch the check of certificates off.
 */
final class NoGitConfiguration extends SystemReader.Delegate {

    private NoGitConfiguration(SystemReader machine) {
        super(machine);
    }

    /** JGit has one for the whole process. */
    static synchronized void install() {
        SystemReader now = SystemReader.getInstance();
        if (!(now instanceof NoGitConfiguration)) {
            SystemReader.setInstance(new NoGitConfiguration(now));
        }
    }

    @Override
    public @Nullable String getenv(String variable) {
        return variable.startsWith("GIT_") ? null : super.getenv(variable);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    private static final class Empty extends FileBasedConfig {

        @SuppressWarnings("NullAway") // JGit's own way to say that there is no file.
        Empty(@Nullable Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
