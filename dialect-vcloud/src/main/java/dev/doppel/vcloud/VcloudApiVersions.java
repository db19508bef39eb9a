package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import io.vertx.core.Future;
import java.util.Comparator;

/** The supported versions and the URLs to sign in at, which clients request first. */
final class VcloudApiVersions {

  private static final String NAMESPACE = "http://www.vmware.com/vcloud/versions";

  private VcloudApiVersions() {}

  /** Lists the versions, sorted as text as in the product. */
  static Future<Reply> get(Call call) {
    var root =
        VcloudXml.element("SupportedVersions")
            .with("xmlns", NAMESPACE)
            .withAll(
                VcloudVersion.all().stream()
                    .sorted(Comparator.comparing(VcloudVersion::toString))
                    .map(version -> info(call, version))
                    .toList());
    return Future.succeededFuture(Reply.text(200, "text/xml", root.document()));
  }

  private static VcloudXml info(Call call, VcloudVersion version) {
    var info =
        VcloudXml.element("VersionInfo")
            .with("deprecated", Boolean.toString(version.deprecated()))
            .with(VcloudXml.element("Version", version.toString()));
    if (!version.since(VcloudVersion.WITH_SESSION_CALLS)) {
      return info.with(VcloudXml.element("LoginUrl", call.origin() + "/api/sessions"));
    }
    var login = call.origin() + VcloudApi.VERSIONED + "/sessions";
    return info.with(VcloudXml.element("LoginUrl", login))
        .with(VcloudXml.element("ProviderLoginUrl", login + "/provider"));
  }
}
