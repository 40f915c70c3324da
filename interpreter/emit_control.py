"""func, scf and cf: calls, structured control flow as plain Python, blocks as a dispatch loop."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from xdsl.dialects import cf, func, scf
from xdsl.ir import Block, Operation, Region, SSAValue

from .emitter import Emitter
from .errors import error_at, fail
from .intervals import loop_interval
from .registry import emits

Finish = Callable[[Operation], None]


def emit_function(e: Emitter, name: str) -> None:
    """The whole function, under a name."""
    arguments = [e.define(argument) for argument in e.function.body.blocks[0].args]
    e.header(f"def {name}({', '.join(arguments)}):")
    emit_region(e, e.function.body, lambda terminator: _return(e, terminator))


def emit_region(e: Emitter, region: Region, finish: Finish) -> None:
    """One block straight down, several as `while True` over block labels.

    `finish` emits terminators that leave the region; branches inside it are handled here.
    """
    if len(region.blocks) == 1:
        terminator = e.body(region.block)
        with e.at(terminator):
            finish(terminator)
        return
    label = e.fresh("block")
    e.line(f"{label} = 0")
    labels = {block: number for number, block in enumerate(_in_running_order(region))}
    for argument in (a for block in labels if labels[block] for a in block.args):
        e.define(argument)
    with e.indented("while True:"):
        for block, number in labels.items():
            with e.indented(f"{'if' if number == 0 else 'elif'} {label} == {number}:"):
                terminator = e.body(block)
                with e.at(terminator):
                    if not _branch(e, terminator, label, labels):
                        finish(terminator)


def _in_running_order(region: Region) -> list[Block]:
    """The blocks that can be reached, each behind those that dominate it (reverse post-order)."""
    order: list[Block] = []
    seen: set[Block] = set()
    stack: list[tuple[Block, bool]] = [(region.blocks[0], False)]
    while stack:
        block, is_done = stack.pop()
        if is_done:
            order.append(block)
        elif block not in seen:
            seen.add(block)
            stack.append((block, True))
            successors = block.last_op.successors if block.last_op is not None else ()
            stack.extend((successor, False) for successor in successors)
    return order[::-1]


def _branch(e: Emitter, op: Operation, label: str, labels: dict[Block, int]) -> bool:
    """Emit a branch between blocks of a region; False when `op` is none."""

    def jump(block: Block, values: list[SSAValue] | tuple[SSAValue, ...]) -> None:
        e.assign_all([e[a] for a in block.args], [e[v] for v in values])
        e.line(f"{label} = {labels[block]}")

    match op:
        case cf.BranchOp():
            jump(op.successor, tuple(op.arguments))
        case cf.ConditionalBranchOp():
            with e.indented(f"if {e[op.cond]}:"):
                jump(op.then_block, tuple(op.then_arguments))
            with e.indented("else:"):
                jump(op.else_block, tuple(op.else_arguments))
        case cf.SwitchOp():
            values = op.case_values.get_values() if op.case_values is not None else ()
            keyword = "if"
            for value, block, arguments in zip(
                values, op.case_blocks, op.case_operand, strict=True
            ):
                with e.indented(f"{keyword} {e[op.flag]} == {value}:"):
                    jump(block, tuple(arguments))
                keyword = "elif"
            with e.indented("else:" if keyword == "elif" else "if True:"):
                jump(op.default_block, tuple(op.default_operands))
        case _:
            return False
    return True


# func --------------------------------------------------------------------------------------------


def _return(e: Emitter, op: Operation) -> None:
    if not isinstance(op, func.ReturnOp):
        raise error_at(op, "expected func.return at the end of a function")
    e.line(f"return ({''.join(e[value] + ', ' for value in op.arguments)})")


@emits(func.CallOp)
def call(e: Emitter, op: func.CallOp) -> None:
    emit_call(e, op, op.callee.string_value())


def emit_call(e: Emitter, op: Operation, symbol: str) -> None:
    """Call a function of the module; results are always a tuple."""
    name = e.program.callable_name(symbol, op)
    results = "".join(f"{e.define(result)}, " for result in op.results)
    equals = "= " if results else ""
    e.line(f"{results}{equals}{name}({', '.join(e.operands(op))})")


# cf ----------------------------------------------------------------------------------------------


@emits(cf.AssertOp)
def cf_assert(e: Emitter, op: cf.AssertOp) -> None:
    message = e.constant(f"assertion failed: {op.msg.data}", "message")
    e.line(f"{e[op.arg]} or {e.use(fail)}({message})")


# scf ---------------------------------------------------------------------------------------------


def positive_step(step: int) -> int:
    """The step of a loop, refused where it would never end."""
    if step <= 0:
        fail(f"expected a step of at least 1, got {step}")
    return step


@emits(scf.ForOp)
def scf_for(e: Emitter, op: scf.ForOp) -> None:
    block = op.body.block
    induction, *arguments = block.args
    low, high, step = e[op.lb], e[op.ub], e[op.step]
    if e.interval(op.step).low <= 0:
        step = f"{e.use(positive_step)}({step})"
    carried = [e.define(argument) for argument in arguments]
    e.assign_all(
        carried,
        [
            f"{e[init]}.copy()" if e.ownership.copies_init(op, i) else e[init]
            for i, init in enumerate(op.iter_args)
        ],
    )
    e.intervals[induction] = loop_interval(
        e.interval(op.lb), e.interval(op.ub), e.interval(op.step)
    )
    bounds = ", ".join([low, high] if step == "1" else [low, high, step])
    with e.indented(f"for {e.define(induction)} in range({bounds}):"):
        yielded = e.body(block)
        with e.at(yielded):
            e.assign_all(carried, e.operands(yielded))
    e.assign_all([e.define(result) for result in op.res], carried)


@emits(scf.IfOp)
def scf_if(e: Emitter, op: scf.IfOp) -> None:
    results = [e.define(result) for result in op.output]
    with e.indented(f"if {e[op.cond]}:"):
        emit_branch(e, op.true_region, results)
    if op.false_region.blocks and (results or len(op.false_region.block.ops) > 1):
        with e.indented("else:"):
            emit_branch(e, op.false_region, results)


def emit_branch(e: Emitter, region: Region, results: list[str]) -> None:
    """A region of one block whose yield sets the results of its op."""
    if not region.block.ops:
        return
    yielded = e.body(region.block)
    with e.at(yielded):
        e.assign_all(results, e.operands(yielded))


@emits(scf.IndexSwitchOp)
def scf_index_switch(e: Emitter, op: scf.IndexSwitchOp) -> None:
    results = [e.define(result) for result in op.output]
    keyword = "if"
    for value, region in zip(op.cases.get_values(), op.case_regions, strict=True):
        with e.indented(f"{keyword} {e[op.arg]} == {value}:"):
            emit_branch(e, region, results)
        keyword = "elif"
    with e.indented("else:" if keyword == "elif" else "if True:"):
        emit_branch(e, op.default_region, results)


@emits(scf.ExecuteRegionOp)
def scf_execute_region(e: Emitter, op: scf.ExecuteRegionOp) -> None:
    results = [e.define(result) for result in op.outs]
    several = len(op.region.blocks) > 1

    def finish(terminator: Operation) -> None:
        e.assign_all(results, e.operands(terminator))
        if several:
            e.line("break")

    emit_region(e, op.region, finish)


@emits(scf.WhileOp)
def scf_while(e: Emitter, op: scf.WhileOp) -> None:
    before, after = op.before_region.block, op.after_region.block
    carried = [e.define(argument) for argument in before.args]
    e.assign_all(carried, e.operands(op))
    results = [e.define(result) for result in op.res]
    with e.indented("while True:"):
        condition = e.body(before)
        assert isinstance(condition, scf.ConditionOp)
        with e.at(condition):
            forwarded = [e[value] for value in condition.args]
            e.assign_all(results, forwarded)
            e.line(f"if not {e[condition.condition]}: break")
            e.assign_all([e.define(argument) for argument in after.args], forwarded)
        yielded = e.body(after)
        with e.at(yielded):
            e.assign_all(carried, e.operands(yielded))


@emits(scf.ParallelOp)
def scf_parallel(e: Emitter, op: scf.ParallelOp) -> None:
    """One iteration after the other; `scf.reduce` folds its operands into the results."""
    block = op.body.block
    results = [e.define(result) for result in op.res]
    e.assign_all(results, [e[init] for init in op.initVals])
    ranges = [
        f"range({e[low]}, {e[high]}, {e.use(positive_step)}({e[step]}))"
        for low, high, step in zip(op.lowerBound, op.upperBound, op.step, strict=True)
    ]
    names = [e.define(argument) for argument in block.args]
    header = f"for {', '.join(names)}, in {e.use(product)}({', '.join(ranges)}):"
    for argument, low, high, step in zip(
        block.args, op.lowerBound, op.upperBound, op.step, strict=True
    ):
        e.intervals[argument] = loop_interval(e.interval(low), e.interval(high), e.interval(step))
    with e.indented(header):
        terminator = e.body(block)
        with e.at(terminator):
            _reduce(e, terminator, results)


def _reduce(e: Emitter, op: Operation, results: list[str]) -> None:
    if not isinstance(op, scf.ReduceOp):
        return
    for result, operand, region in zip(results, op.args, op.reductions, strict=True):
        left, right = region.block.args
        e.bind(left, result)
        e.bind(right, e[operand])
        returned = e.body(region.block)
        e.line(f"{result} = {e[returned.operands[0]]}")
