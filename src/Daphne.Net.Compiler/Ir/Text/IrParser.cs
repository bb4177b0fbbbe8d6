using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Reads the generic form by recursive descent; depth is bounded everywhere it recurses.</summary>
sealed partial class IrParser(SourceText source) : IrCursor(source)
{
    // Names in scope, and the names each open region added: siblings may use the same ones.
    readonly Dictionary<string, Value[]> scope = new(StringComparer.Ordinal);
    readonly Stack<List<string>> added = [];
    readonly HashSet<string> functions = new(StringComparer.Ordinal);

    public IrModule Module()
    {
        var module = new IrModule();
        bool inside = false;
        while (true)
        {
            Skip();
            if (Eat("#")) SkipLocationAlias();
            else if (!inside && module.Functions.Count == 0 && Eat("module"))
            {
                if (Sees("@")) Symbol();
                Expect("{");
                inside = true;
            }
            else if (inside && Eat("}"))
            {
                SkipLocation();
                inside = false;
            }
            else if (Here == '\0' && !inside) return module;
            else FunctionDefinition(module);
        }
    }

    void SkipLocationAlias()
    {
        Word("the name of a location");
        Expect("=");
        if (!Sees("loc(")) throw Expected("a location");
        SkipLocation();
    }

    void FunctionDefinition(IrModule module)
    {
        Expect("func.func");
        if (!Eat("private")) Eat("public");
        Skip();
        int start = At;
        string name = Symbol();
        var span = From(start);
        if (!functions.Add(name)) throw Fail(Diag.IrRedefined, start, "@" + name);
        List<(string Name, int Start, IrType Type)> arguments = [];
        Expect("(");
        if (!Eat(")"))
        {
            do
            {
                Skip();
                int at = At;
                string argument = ValueName();
                Expect(":");
                arguments.Add((argument, at, Type()));
            }
            while (Eat(","));
            Expect(")");
        }
        IReadOnlyList<IrType> results = [];
        if (Eat("->"))
        {
            Skip();
            results = Here == '(' ? TypeList(0) : [Type()];
        }
        var function = module.AddFunction(name, arguments.Select(a => a.Type), results, span);
        if (Eat("attributes"))
        {
            Expect("{");
            AttributeList(function.Attributes, "}");
        }
        Expect("{");
        added.Push([]);
        for (int i = 0; i < arguments.Count; i++) Define(arguments[i].Name, arguments[i].Start, [function.Regions[0].Block.Arguments[i]]);
        while (!Eat("}")) Operation(function.Regions[0].Block, 1);
        CloseScope();
        SkipLocation();
    }

    void Operation(Block block, int depth)
    {
        Skip();
        List<(string Name, int Start, int Count)> names = [];
        if (Here == '%')
        {
            do
            {
                Skip();
                int at = At;
                string name = ValueName();
                names.Add((name, at, Eat(":") ? Count() : 1));
            }
            while (Eat(","));
            Expect("=");
        }
        Skip();
        int start = At;
        string opName = Quoted();
        var span = From(start);
        if (!Op.ByFullName.TryGetValue(opName, out var def) || def == Op.Func) throw Fail(Diag.IrUnknownOperation, start, opName);
        List<Value> operands = [];
        Expect("(");
        if (!Eat(")"))
        {
            do operands.Add(Use());
            while (Eat(","));
            Expect(")");
        }
        AttributeMap attributes = new();
        if (Eat("<"))
        {
            Expect("{");
            AttributeList(attributes, "}");
            Expect(">");
        }
        var op = new Operation(def, [], [], span);    // operands and results are added below: their types come behind the regions
        if (Eat("(")) Regions(op, depth);
        else if (def.Regions > 0) throw Fail(Diag.IrCount, start, def, 0, "regions", def.Regions);
        if (Eat("{")) AttributeList(attributes, "}");
        Expect(":");
        Skip();
        int typeStart = At;
        var type = Type() as FunctionType ?? throw Fail(Diag.IrSyntax, typeStart, "a function type", "another type");
        if (type.Inputs.Length != operands.Count) throw Fail(Diag.IrCount, typeStart, def, type.Inputs.Length, "operand types", operands.Count);
        for (int i = 0; i < operands.Count; i++)
            if (operands[i].Type != type.Inputs[i]) throw Fail(Diag.IrTypeMismatch, typeStart, $"operand {i} of {def}", operands[i].Type, type.Inputs[i]);
        if (names.Sum(n => (long)n.Count) != type.Results.Length) throw Fail(Diag.IrCount, typeStart, def, type.Results.Length, "result types", names.Sum(n => (long)n.Count));
        SkipLocation();

        if (def == Op.Constant) CheckConstant(attributes, type, start);
        foreach (var operand in operands) op.AddOperand(operand);
        op.SetResults(type.Results);
        foreach (var (key, value) in attributes) op.Attributes[key] = value;
        block.Insert(op);
        int next = 0;
        foreach (var (name, at, count) in names)
        {
            Define(name, at, [.. op.Results.Skip(next).Take(count)]);
            next += count;
        }
    }

    void Regions(Operation holder, int depth)
    {
        int start = At;
        if (depth > IrText.MostRegions) throw Fail(Diag.IrLimit, start, IrText.MostRegions, "nested regions");
        int count = 0;
        do
        {
            // The original's pipelines carry a second region for another device; ours has none, so it must be empty.
            var region = count < holder.Regions.Count ? holder.Regions[count] : null;
            count++;
            Expect("{");
            added.Push([]);
            if (region is not null && !Sees("}")) Body(region.AddBlock(), depth);
            if (!Eat("}")) throw Expected("'}'");
            CloseScope();
        }
        while (Eat(","));
        Expect(")");
        if (count != holder.Def.Regions && !(holder.Def == Op.VectorizedPipeline && count == 2))
            throw Fail(Diag.IrCount, start, holder.Def, count, "regions", holder.Def.Regions);
    }

    void Body(Block block, int depth)
    {
        if (Eat("^"))
        {
            Word("the name of a block");
            if (Eat("("))
            {
                do
                {
                    Skip();
                    int start = At;
                    string name = ValueName();
                    Expect(":");
                    Define(name, start, [block.AddArgument(Type())]);
                }
                while (Eat(","));
                Expect(")");
            }
            Expect(":");
        }
        while (!Sees("}"))
        {
            if (Sees("^")) throw Fail(Diag.IrSyntax, At, "one block per region", "a second one");
            Operation(block, depth + 1);
        }
    }

    // A constant without a value, or with one of another type, would surprise everybody who asks a value for its constant.
    void CheckConstant(AttributeMap attributes, FunctionType type, int start)
    {
        if (type.Results is not [ScalarType scalar]) throw Fail(Diag.IrSyntax, start, "a constant with one scalar result", "another result");
        attributes.TryGetValue("value", out var value);
        if (value is StringAttribute text) attributes["value"] = value = new ScalarAttribute(text.Value, IrType.Scalar(ValueTypeCode.Str));
        if (value is not ScalarAttribute constant) throw Fail(Diag.IrSyntax, start, "a constant with the attribute value", "none");
        if (constant.Type != scalar) throw Fail(Diag.IrTypeMismatch, start, "the value", constant.Type, scalar);
    }

    string ValueName()
    {
        if (!Eat("%")) throw Expected("a value");
        return Word("the name of a value", digits: true);
    }

    int Count()
    {
        Skip();
        int start = At;
        string digits = Digits();
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : throw Fail(Diag.IrNumber, start, digits, "count");
    }

    Value Use()
    {
        Skip();
        int start = At;
        string name = ValueName();
        int index = 0;
        if (Here == '#')
        {
            At++;
            if (!int.TryParse(Digits(), NumberStyles.None, CultureInfo.InvariantCulture, out index)) index = int.MaxValue;
        }
        return scope.TryGetValue(name, out var values) && index < values.Length ? values[index] : throw Fail(Diag.IrUnknownValue, start, Since(start));
    }

    string Symbol()
    {
        Expect("@");
        return Here == '"' ? Quoted() : Word("the name of a function");
    }

    void Define(string name, int start, Value[] values)
    {
        if (!scope.TryAdd(name, values)) throw Fail(Diag.IrRedefined, start, "%" + name);
        added.Peek().Add(name);
    }

    void CloseScope()
    {
        foreach (string name in added.Pop()) scope.Remove(name);
    }
}
