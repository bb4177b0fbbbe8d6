using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

public sealed class FileMetaDataTests
{
    [Fact]
    public void The_text_of_a_matrix_is_exact()
    {
        var meta = new FileMetaData(2, 2) { ValueType = ValueTypeCode.SI64 };
        Assert.Equal("""{"numCols":2,"numRows":2,"valueType":"si64"}""", meta.ToJson());
        Assert.Equal(meta, Parse(meta.ToJson()));
        Assert.Equal("""{"numCols":5,"numNonZeros":2,"numRows":3,"valueType":"f64"}""", new FileMetaData(3, 5) { ValueType = ValueTypeCode.F64, NonZeros = 2 }.ToJson());
    }

    [Fact]
    public void The_text_of_a_frame_is_exact()
    {
        var meta = new FileMetaData(2, 3)
        {
            Schema = [new("id", ValueTypeCode.SI64), new("x \"y\"\n\u0001", ValueTypeCode.F64), new("ü", ValueTypeCode.Str)],
        };
        Assert.Equal("""{"numCols":3,"numRows":2,"schema":[{"label":"id","valueType":"si64"},{"label":"x \"y\"\n\u0001","valueType":"f64"},{"label":"ü","valueType":"str"}]}""", meta.ToJson());
        Assert.Equal(meta, Parse(meta.ToJson()));
    }

    [Fact]
    public void Columns_without_a_type_take_that_of_the_file_and_unknown_keys_are_skipped()
    {
        var meta = Parse("""{"hdfs": {"isHDFS": [1]}, "numRows": 5, "numCols": 2, "valueType": "f32", "schema": [{"label": "a", "valueType": ""}, {"valueType": "ui8"}]}""");
        Assert.Equal(new FileMetaData(5, 2) { Schema = [new("a", ValueTypeCode.F32), new("", ValueTypeCode.UI8)] }, meta);
    }

    [Theory]
    [InlineData("{\"numRows\": 1,\n", "DPH4002", "'m.meta', line 2, column 1: ")]
    [InlineData("", "DPH4002", "'m.meta', line 1, column 1: ")]
    [InlineData("{\"numCols\": 2, \"valueType\": \"f64\"}", "DPH4003", "'m.meta' has no key \"numRows\"")]
    [InlineData("{\"numRows\": 2, \"numCols\": 2}", "DPH4003", "'m.meta' has no key \"valueType\"")]
    [InlineData("{\"numRows\": 2,\n \"numCols\": -2}", "DPH4004", "'m.meta', line 2: \"numCols\" must be a whole number of at least 0")]
    [InlineData("{\"numRows\": 2.5}", "DPH4004", "'m.meta', line 1: \"numRows\" must be a whole number of at least 0")]
    [InlineData("{\"numRows\": 1,\n\n\"numCols\": 1, \"valueType\": \"double\"}", "DPH4004", "'m.meta', line 3: \"valueType\" must be one of str, f64, f32, ")]
    [InlineData("[1]", "DPH4004", "'m.meta', line 1: the content must be one JSON object")]
    [InlineData("{\"numRows\": 1, \"numCols\": 2, \"schema\": [{\"valueType\": \"f64\"}]}", "DPH4005", "'m.meta': the schema names 1 columns, but numCols is 2")]
    [InlineData("{\"numRows\": 1, \"numCols\": 1, \"schema\": [{\"label\": \"x\"}]}", "DPH4003", "'m.meta' has no key \"valueType\"")]
    [InlineData("{\"numRows\": 1, \"numCols\": 1, \"schema\": {}}", "DPH4004", "'m.meta', line 1: \"schema\" must be a list of columns")]
    public void Wrong_metadata_is_told_where(string text, string code, string message)
    {
        var error = Assert.Throws<RaisedException>(() => Parse(text));
        Assert.Equal(code, error.Def.Code);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    static FileMetaData Parse(string text) => FileMetaData.Parse(Encoding.UTF8.GetBytes(text), "m.meta");
}
