package dev.doppel.workspace;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A {@link Text} that is a role which a collaborator can get; ownership is handed over. */
@Text(oneOf = {"admin", "editor", "viewer", "unassigned"})
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface AssignableRole {}
