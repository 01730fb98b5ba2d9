package io.slipway.environments;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.project.requirements.Requirements;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The only way in which environments change: one verb, one transaction, one line in the log. */
@Component
public class EnvironmentChanges {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentChanges.class);

    private final Environments environments;
    private final EntityManager entities;
    private final TransactionTemplate transaction;
    private final EnvironmentsSettings settings;
    private final Clock clock;

    EnvironmentChanges(
            Environments environments,
            EntityManager entities,
            PlatformTransactionManager transactions,
            EnvironmentsSettings settings,
            Clock clock) {
        this.environments = environments;
        this.entities = entities;
        this.transaction = new TransactionTemplate(transactions);
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Makes sure that the wish is stored, whoever stores it.
     *
     * @return its id
     */
    public String store(Requirements requirements) {
        String content = JsonMapper.shared().writeValueAsString(requirements);
        String id = EnvironmentKey.idOf(content);
        try {
            insert(id, content);
        } catch (DataIntegrityViolationException faster) {
            insert(id, content);
        }
        return id;
    }

    private void insert(String id, String content) {
        transaction.executeWithoutResult(status -> {
            StoredRequirements known = entities.find(StoredRequirements.class, id);
            if (known == null) {
                entities.persist(new StoredRequirements(id, content, clock.instant()));
            } else {
                known.wantedAgain(clock.instant());
            }
        });
    }

    public Requirements requirements(String id) {
        return Optional.ofNullable(transaction.execute(status -> entities.find(StoredRequirements.class, id)))
                .orElseThrow(() -> new IllegalStateException("there are no requirements " + id))
                .requirements();
    }

    /** The environment that the wish has or is going to have; one that is too old, or failed long ago, is followed by a new one. */
    public Environment wanted(EnvironmentWish wish, Requirements requirements, BuildSite site) {
        String key = EnvironmentKey.of(requirements, wish, site, settings);
        Optional<Environment> latest = environments.findFirstByKeyOrderByGenerationDesc(key);
        return latest.filter(this::serves)
                .orElseGet(() -> insert(
                        wish,
                        key,
                        site.platform(),
                        latest.map(Environment::generation).orElse(0) + 1,
                        false));
    }

    /** The environment that the wish has already, or for which a build is under way; empty where one would have to be begun. */
    public Optional<Environment> known(EnvironmentWish wish, Requirements requirements, BuildSite site) {
        return environments
                .findFirstByKeyOrderByGenerationDesc(EnvironmentKey.of(requirements, wish, site, settings))
                .filter(this::serves)
                .filter(known -> known.state() != EnvironmentState.WANTED);
    }

    private boolean serves(Environment known) {
        return known.serves(clock.instant(), settings.maxAge(), settings.failuresKept());
    }

    /** The next environment of the same key, whatever the last one is like; one that is under way stays. */
    public Environment again(Environment last) {
        try {
            return next(last);
        } catch (DataIntegrityViolationException faster) {
            // Somebody asked for the same at the same moment: theirs is there now.
            return next(last);
        }
    }

    private Environment next(Environment last) {
        Environment latest =
                environments.findFirstByKeyOrderByGenerationDesc(last.key()).orElse(last);
        return latest.state().isLive()
                ? latest
                : insert(latest.wish(), latest.key(), latest.platform().orElse(null), latest.generation() + 1, true);
    }

    /** @throws DataIntegrityViolationException when another replica was faster */
    private Environment insert(
            EnvironmentWish wish, String key, @Nullable String platform, int generation, boolean requested) {
        String id = UlidCreator.getMonotonicUlid().toString();
        Environment environment = Environment.wanted(id, wish, key, platform, generation, clock.instant());
        if (requested) {
            environment.requested();
        }
        transaction.executeWithoutResult(status -> entities.persist(environment));
        log.info("Environment {} is wanted on {}.", id, wish.cluster());
        return environment;
    }

    /**
     * @throws OptimisticLockingFailureException when somebody else changed it meanwhile
     * @throws IllegalStateException when the verb may not follow its state
     */
    public Environment apply(String id, Consumer<Environment> verb) {
        EnvironmentState[] before = new EnvironmentState[1];
        Environment changed = transaction.execute(status -> {
            Environment environment = environments
                    .findById(id)
                    .orElseThrow(() -> new IllegalStateException("there is no environment " + id));
            before[0] = environment.state();
            verb.accept(environment);
            return environment;
        });
        Environment environment = Optional.ofNullable(changed).orElseThrow();
        if (before[0] != environment.state()) {
            log.info("Environment {}: {} -> {}", id, before[0], environment.state());
        }
        return environment;
    }

    public void remove(String id) {
        transaction.executeWithoutResult(status -> environments.findById(id).ifPresent(environments::delete));
    }
}
