using System.Reflection;
using System.Text;

namespace Daphne.Net.Tests;

/// <summary>The public surface of each package is a golden file: a change of it is a diff that a person reads.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Packages => new(
        "Daphne.Net.Dialect", "Daphne.Net.Language", "Daphne.Net.Data", "Daphne.Net.Kernels", "Daphne.Net.Compiler",
        "Daphne.Net.Runtime", "Daphne.Net.Distributed", "Daphne.Net.Deployment", "Daphne.Net");

    [Theory, MemberData(nameof(Packages))]
    public void Public_surface_is_the_recorded_one(string package) =>
        GoldenText.Check(Path.Combine(Repository.Golden("api"), package + ".txt"), Surface(Assembly.Load(package)));

    static string Surface(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type));
            var bases = new[] { type.BaseType }.Where(b => b is not null && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum)).Concat(type.GetInterfaces())
                .Select(b => Name(b!)).Order(StringComparer.Ordinal).ToArray();
            if (bases.Length > 0) text.Append(" : ").AppendJoin(", ", bases);
            text.Append('\n');
            var members = type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Select(Describe).Where(m => m is not null).Order(StringComparer.Ordinal);
            foreach (string? member in members) text.Append("  ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    static string Kind(Type type) => type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";

    static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsPublic: true } f => $"{(f.IsStatic ? "static " : "")}{(f.IsLiteral ? "const " : f.IsInitOnly ? "readonly " : "")}{f.Name}: {Name(f.FieldType)}",
        PropertyInfo p when Visible(p.GetMethod) || Visible(p.SetMethod) =>
            $"{(p.GetAccessors(true)[0].IsStatic ? "static " : "")}{p.Name}{Parameters(p.GetIndexParameters(), "[", "]")}: {Name(p.PropertyType)} {{{(Visible(p.GetMethod) ? " get;" : "")}{(Visible(p.SetMethod) ? " set;" : "")} }}",
        EventInfo e when Visible(e.AddMethod) => $"event {e.Name}: {Name(e.EventHandlerType!)}",
        ConstructorInfo c when Visible(c) && !c.IsStatic => $"new({Parameters(c.GetParameters(), "", "")})",
        MethodInfo m when Visible(m) && !m.IsSpecialName && !m.Name.Contains('<') =>
            $"{(m.IsStatic ? "static " : "")}{m.Name}{(m.IsGenericMethod ? $"<{string.Join(", ", m.GetGenericArguments().Select(a => a.Name))}>" : "")}({Parameters(m.GetParameters(), "", "")}): {Name(m.ReturnType)}",
        _ => null,
    };

    static bool Visible(MethodBase? m) => m is not null && (m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly);

    static string Parameters(ParameterInfo[] all, string open, string close) => all.Length == 0 ? "" : open + string.Join(", ", all.Select(p =>
        $"{(p.IsOut ? "out " : "")}{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.RawDefaultValue ?? "default") : "")}")) + close;

    static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!) + "&";
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (type.IsArray) return Name(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        if (type.IsGenericParameter) return type.Name;
        string name = (type.Namespace?.StartsWith("Daphne", StringComparison.Ordinal) ?? false) && type.DeclaringType is null ? type.FullName ?? type.Namespace + "." + type.Name : type.Name;
        int tick = name.IndexOf('`');
        if (tick >= 0) name = name[..tick];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
