package dev.doppel.vcloud;

import dev.doppel.dialect.Call;

/** The name of this dialect, under which it keeps aliases, extras and sessions; and its paths. */
final class VcloudApi {

  static final String NAME = "vcloud";
  static final String ROOT = "/cloudapi";
  static final String VERSIONED = ROOT + "/1.0.0";

  static final String OLDER_ROOT = "/api";

  private static final String OLDER_API = OLDER_ROOT + "/";

  private VcloudApi() {}

  /** Returns whether a call is to the older API, whose responses are XML. */
  static boolean isOlder(Call call) {
    return call.path().startsWith(OLDER_API) || call.path().equals(OLDER_ROOT);
  }
}
