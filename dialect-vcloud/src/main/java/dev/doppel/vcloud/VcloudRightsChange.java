package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** A change of the rights of a role, a global role or a rights bundle. */
@FunctionalInterface
interface VcloudRightsChange {

  VcloudListing REFERENCES = new VcloudListing("EntityReferences", List.of("name", "id"));

  /** Adds rights to those before. */
  VcloudRightsChange ADD =
      (before, wanted) -> Stream.concat(before.stream(), wanted.stream()).distinct().toList();

  /** Replaces the rights before. */
  VcloudRightsChange REPLACE = (before, wanted) -> wanted;

  /** Returns the rights after the change. */
  List<VcloudRight> apply(List<VcloudRight> before, List<VcloudRight> wanted);

  /** Returns the first page of references to the rights after a change. */
  static Reply reply(Call call, Collection<VcloudRight> rights) {
    return REFERENCES.page(
        call,
        VcloudRight.all().stream().filter(rights::contains).map(VcloudRight::reference).toList());
  }
}
