/**
 * InfluxDB OSS v2: users, the calling user, passwords, sign-in, onboarding, authorizations,
 * organizations with members and owners, as version 2.9.1 (or 2.7.12) answers them and as the API
 * reference (v2) documents them; buckets and labels as metadata.
 *
 * <p>Everything that stores, queries or monitors data is not supported and answers 501.
 */
@NullMarked
package dev.doppel.influx;

import org.jspecify.annotations.NullMarked;
