package dev.doppel.workspace;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A {@link Text} that is the code of a language that the vendor has. */
@Text(oneOf = {"es", "en", "fr", "de", "it", "zh", "pt", "ru"})
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Language {}
