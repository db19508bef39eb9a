/**
 * InfluxDB OSS v2: users, the caller itself, passwords and sign-in, as version 2.9.1 answers them
 * and as the page "Users" of its API reference (v2) documents them.
 *
 * <p>Left out: authorizations, organizations, onboarding, and everything that stores or queries
 * data.
 */
@NullMarked
package dev.doppel.influx;

import org.jspecify.annotations.NullMarked;
