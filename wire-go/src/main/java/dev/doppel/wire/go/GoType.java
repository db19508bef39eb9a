package dev.doppel.wire.go;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a vendor's server, written in Go, calls the type of a body record or of one of its members.
 * Its decoder names it when a value doesn't fit; {@link GoJson} does the same.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface GoType {
  String value();
}
