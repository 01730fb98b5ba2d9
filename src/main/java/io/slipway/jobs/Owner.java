package io.slipway.jobs;

/** Whom a job belongs to: the name of the token that it was sent with, {@code local} without tokens. */
public record Owner(String value) {

    /** @throws IllegalArgumentException for a blank name */
    public Owner {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an owner has a name");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
