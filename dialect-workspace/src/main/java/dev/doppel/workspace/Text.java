package dev.doppel.workspace;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The limits of a text, or of each text in a list, in a body that {@link WorkspaceBody} reads. A
 * list has at most {@link WorkspaceQuery#MAX_ITEMS} texts. Every member that is neither a record
 * nor a boolean has one, or an annotation that has one. Lengths are in UTF-16 units, as in
 * JavaScript.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.ANNOTATION_TYPE})
@interface Text {
  int min() default 0;

  int max() default Integer.MAX_VALUE;

  /** Whether it may consist of white space. */
  boolean blank() default true;

  /** The allowed values; any if empty. */
  String[] oneOf() default {};

  /** Whether it must have the form of an e-mail address, or of one generated for a name. */
  boolean email() default false;
}
