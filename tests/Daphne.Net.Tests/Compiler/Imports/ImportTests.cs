using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Compiler.Imports;

/// <summary>Imported scripts beyond the recorded ones: places in messages, who may import what, what a library is.</summary>
public sealed class ImportTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("daphne-import-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    string Run(string script, ScriptOptions? options = null)
    {
        var output = new StringWriter();
        ScriptEngine.Run(new SourceText(script, "main.daphne"), options: (options ?? new()) with { Output = output, ScriptPath = Path.Combine(folder, "main.daphne") }, ct: TestContext.Current.CancellationToken);
        return output.ToString();
    }

    IReadOnlyList<Diagnostic> Mistakes(string script, ScriptOptions? options = null) => Assert.Throws<ScriptException>(() => Run(script, options)).Diagnostics;

    [Fact]
    public void A_mistake_in_an_imported_script_shows_that_scripts_line()
    {
        Write("lib/calc.daphne", "def f(x) {\n    return x +;\n}\n");
        var mistake = Assert.Single(Mistakes("import \"lib/calc.daphne\";\nprint(calc.f(1));"));
        Assert.StartsWith("lib/calc.daphne:2:15: error DPH10", mistake.Headline, StringComparison.Ordinal);
        Assert.Contains("return x +;", mistake.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_stand_in_the_order_in_which_the_main_script_imports()
    {
        Write("a.daphne", "x = nothing;\n");
        Write("b.daphne", "import \"a.daphne\";\ny = nowhere;\n");
        string[] places = [.. Mistakes("u = first;\nimport \"b.daphne\";\nimport \"none.daphne\";\nprint(b.y);\nprint(none.z);\nv = last;").Select(d => d.Span.ToString())];
        Assert.Equal(["main.daphne:1:5", "b.daphne:2:5", "a.daphne:1:5", "main.daphne:3:1", "main.daphne:6:5"], places);
    }

    [Fact]
    public void An_error_while_running_names_the_line_in_the_imported_script()
    {
        Write("zero.daphne", "\ndef f(x) { return 1 / x; }\n");
        var e = Assert.Throws<ScriptException>(() => Run("import \"zero.daphne\"; print(zero.f(as.si64(sum(fill(0, 1, 1)))));"));
        Assert.Equal(Stage.Execute, e.Stage);
        Assert.StartsWith("zero.daphne:2:", e.Diagnostics[0].Span.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_is_named_script_by_script()
    {
        Write("main.daphne", "import \"a.daphne\";");
        Write("a.daphne", "import \"sub/b.daphne\";");
        Write("sub/b.daphne", "import \"../main.daphne\";");
        Assert.Equal("scripts import each other in a circle: main.daphne → a.daphne → b.daphne → main.daphne", Assert.Single(Mistakes("import \"a.daphne\";")).Message);
    }

    [Fact]
    public void A_link_is_the_file_it_leads_to()
    {
        Write("a.daphne", "x = 1;");
        File.CreateSymbolicLink(Path.Combine(folder, "b.daphne"), "a.daphne");
        Directory.CreateSymbolicLink(Path.Combine(folder, "again"), ".");
        Assert.Equal(Diag.ImportTwice, Assert.Single(Mistakes("import \"a.daphne\"; import \"b.daphne\";")).Def);
        Write("loop.daphne", "import \"again/loop.daphne\";");
        Assert.Equal(Diag.ImportCycle, Assert.Single(Mistakes("import \"loop.daphne\";")).Def);
    }

    [Fact]
    public void Scripts_that_import_twice_as_many_each_time_are_stopped()
    {
        for (int i = 0; i < 40; i++)
        {
            Write($"d{i}.daphne", $"import \"e{i}.daphne\"; import \"f{i}.daphne\";");
            Write($"e{i}.daphne", $"import \"d{i + 1}.daphne\";");
            Write($"f{i}.daphne", $"import \"d{i + 1}.daphne\";");
        }
        Write("d40.daphne", "x = 1;");
        Assert.Contains(Mistakes("import \"d0.daphne\";"), d => d.Def == Diag.ImportTooMany);
    }

    [Fact]
    public void The_host_says_which_folders_scripts_may_come_from()
    {
        Write("inside/a.daphne", "x = 1;");
        Write("outside/b.daphne", "x = 2;");
        File.CreateSymbolicLink(Path.Combine(folder, "inside", "link.daphne"), "../outside/b.daphne");
        var options = new ScriptOptions { Files = FilePolicy.CurrentDirectory with { ImportFolders = [Path.Combine(folder, "inside")] } };
        Assert.Equal("1\n", Run("import \"inside/a.daphne\"; print(a.x);", options));
        foreach (string path in (string[])["outside/b.daphne", "inside/../outside/b.daphne", "inside/link.daphne", Path.Combine(folder, "outside", "b.daphne"), "outside/none.daphne"])
            Assert.Equal(Diag.ImportNotAllowed, Assert.Single(Mistakes($"import \"{path}\";", options)).Def);
        Assert.Equal(Diag.ImportNotAllowed, Assert.Single(Mistakes("import \"inside/a.daphne\";", new() { Files = FilePolicy.Nothing })).Def);
    }

    [Fact]
    public void A_library_is_all_scripts_of_its_folder()
    {
        Write("lib/one.daphne", "v = 1; def f(x) { return x + 1; }");
        Write("lib/two.daph", "import \"one.daphne\"; v = one.f(1);");
        Write("lib/README.md", "not a script");
        var paths = new ScriptOptions { ImportPaths = ImportPaths.From(new Dictionary<string, IReadOnlyList<string>> { ["lib"] = [Path.Combine(folder, "lib")] }) };
        Assert.Equal("1\n2\n3\n", Run("import \"lib\"; print(lib.one.v); print(lib.two.v); print(lib.one.f(2));", paths));
        Write("other.daphne", "v = 5;");
        Assert.Equal("1\n5\n", Run("import \"lib\"; import \"other.daphne\" as \"lib\"; print(lib.one.v); print(lib.v);", paths));
    }

    [Theory]
    [InlineData("import \"a.daphne\" as \"1a\";", "DPH1636")]
    [InlineData("import \"a.daphne\" as \"\";", "DPH1636")]
    [InlineData("import \"a\";", "DPH1630")]
    [InlineData("import \"sub/a.daphne\"; import \"sub/x/a.daphne\"; import \"more/x/a.daphne\";", "DPH1635")]
    [InlineData("import \"a.daphne\"; a.x = 2;", "DPH1638")]
    [InlineData("import \"a.daphne\"; a.m[0, 0] = [2];", "DPH1638")]
    [InlineData("import \"a.daphne\"; print(a.y);", "DPH1500")]
    [InlineData("import \"sub\";", "DPH1630")]
    public void What_is_wrong_with_an_import_is_said_once(string script, string code)
    {
        foreach (string path in (string[])["a.daphne", "sub/a.daphne", "sub/x/a.daphne", "more/x/a.daphne"]) Write(path, "x = 1; m = [1, 2];");
        Assert.Equal(code, Assert.Single(Mistakes(script)).Def.Code);
    }

    [Fact]
    public async Task A_text_imports_from_the_script_directory_and_a_file_from_its_own()
    {
        Write("lib/a.daphne", "x = 7;");
        string main = Write("main.daphne", "import \"lib/a.daphne\"; y = a.x; z = 2;");
        using var session = new DaphneSession();
        await using var text = await session.RunAsync("import \"lib/a.daphne\"; y = a.x;", options: new() { ScriptDirectory = folder }, ct: TestContext.Current.CancellationToken);
        Assert.Equal(["y"], text.Names);
        await using var file = await session.RunFileAsync(main, options: new() { ScriptDirectory = "/", Outputs = ["y", "a.x"] }, ct: TestContext.Current.CancellationToken);
        Assert.Equal((7L, 7L), (file.Get<long>("y"), file.Get<long>("a.x")));
    }
}
