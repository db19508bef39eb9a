package dev.doppel.workspace;

/** The name of this dialect, under which it keeps aliases, extras and sessions. */
final class WorkspaceApi {

  static final String NAME = "workspace";

  private WorkspaceApi() {}
}
