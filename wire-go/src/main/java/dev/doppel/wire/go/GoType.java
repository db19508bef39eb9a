package dev.doppel.wire.go;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name that a vendor's server, written in Go, has for the type of a body record or of one of
 * its members. Its decoder names it when a value has a wrong type, and so does {@link GoJson}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface GoType {
  String value();

  /** Go's name of a member, if its decoder says another than that of the record's component. */
  String member() default "";
}
