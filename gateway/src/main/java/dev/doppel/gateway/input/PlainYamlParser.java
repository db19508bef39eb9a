package dev.doppel.gateway.input;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.events.NodeEvent;

/**
 * Refuses what YAML has beyond plain values: anchors, aliases and tags. A reader who doesn't expand
 * aliases would take their names for values.
 */
final class PlainYamlParser extends YAMLParser {

  /** What is refused, and where. */
  static final class RefusedException extends JsonParseException {

    RefusedException(PlainYamlParser parser, String what, JsonLocation at) {
      super(parser, what, at);
    }
  }

  /** Makes such parsers of texts and readers. */
  static final class Factory extends YAMLFactory {
    private static final long serialVersionUID = 1;

    Factory(LoaderOptions options) {
      super(builder().loaderOptions(options));
    }

    @Override
    protected YAMLParser _createParser(Reader reader, IOContext context) {
      return new PlainYamlParser(
          context, _parserFeatures, _yamlParserFeatures, _loaderOptions, _objectCodec, reader);
    }
  }

  private PlainYamlParser(
      IOContext context,
      int features,
      int yamlFeatures,
      LoaderOptions options,
      ObjectCodec codec,
      Reader reader) {
    super(context, features, yamlFeatures, options, codec, reader);
  }

  @Override
  public JsonToken nextToken() throws IOException {
    var token = super.nextToken();
    if (token != null) {
      refuse(isCurrentAlias(), "an alias (*) is not allowed; write the value itself");
      // The parser's own getObjectId knows anchors of lists and objects only.
      refuse(
          _lastEvent instanceof NodeEvent node && node.getAnchor() != null,
          "an anchor (&) is not allowed");
      refuse(getTypeId() != null, "a tag (!) is not allowed");
    }
    return token;
  }

  private void refuse(boolean found, String what) throws RefusedException {
    if (found) {
      throw new RefusedException(this, what, currentTokenLocation());
    }
  }
}
