# SPDX-License-Identifier: MIT
"""What the window does with layers and no procedure offers; the plug-in ../venice-layers-helper makes it callable."""

from __future__ import annotations

from harness import Gimp, add_layer, call, largest_difference, layer_type, names, new_image, offsets, pixels, run, size

# Three pictures of 64 × 48 on 400 × 300, with a selection: each layer has three picture pieces in a row of tiles and so on; this many single
# steps are more than an insertion takes.
MORE_STEPS_THAN_NEEDED = 400
STRIDE = 3  # scaling alone is some sixty of them


def insert(image, **arguments):
    """The new layers, and the notice or the error."""
    result = call("test-venice-insert", image_id=image.get_id(), **arguments)
    return list(result.get_core_object_array(2)), result.index(1)


def three_in_a_group(image):
    layers, _ = insert(image, count=3)
    return image.get_layers()[0], layers


def act(name, layers, layer):
    ids = " ".join(str(each.get_id()) for each in layers)
    return call("test-venice-" + name, layer_ids=ids, layer_id=layer.get_id()).index(1)


def visibilities(layers):
    return [layer.get_visible() for layer in layers]


def next_number(image):
    """The number that GIMP will give to the next item."""
    probe = Gimp.Layer.new(image, "probe", 1, 1, layer_type(image, False), 100, Gimp.LayerMode.NORMAL)
    number = probe.get_id() + 1
    probe.delete()
    return number


def items_made_since(first, image):
    """The numbers of all items made since then that still exist, whether in an image or not."""
    return [number for number in range(first, next_number(image) - 1) if Gimp.Item.id_is_valid(number)]


def select(image):
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 101, 51, 200, 100)


def check_show_alone():
    image = new_image()
    group, layers = three_in_a_group(image)
    assert visibilities(layers) == [True, False, False]
    assert act("show-alone", layers, layers[2]) == ""
    assert visibilities(layers) == [False, False, True]
    assert names(group.get_children()) == ["New 1", "New 2", "New 3"]
    assert image.get_layers()[1].get_visible()


def check_show_alone_passes_over_layers_that_are_gone():
    image = new_image()
    _, layers = three_in_a_group(image)
    numbers = " ".join(str(layer.get_id()) for layer in layers)
    gone, kept = layers[0].get_id(), layers[1]
    image.remove_layer(layers[0])
    assert call("test-venice-show-alone", layer_ids=numbers, layer_id=kept.get_id()).index(1) == ""
    assert visibilities([layers[1], layers[2]]) == [True, False]
    assert call("test-venice-show-alone", layer_ids=numbers, layer_id=gone).index(1) == "gone"
    assert visibilities([layers[1], layers[2]]) == [True, False]


def check_keep_only_leaves_a_plain_layer_in_the_groups_place():
    image = new_image()
    add_layer(image, "Top")
    image.set_selected_layers([image.get_layers()[1]])
    select(image)
    insert_result = insert(image, count=3)[0]
    kept = insert_result[1]
    before, mask, place = pixels(kept), pixels(kept.get_mask(), "Y u8"), offsets(kept)
    assert names(image.get_layers()) == ["Top", "Pictures", "Background"]
    assert act("keep-only", insert_result, kept) == ""
    assert names(image.get_layers()) == ["Top", "New 2", "Background"]
    assert kept.get_visible() and names(image.get_selected_layers()) == ["New 2"]
    assert (pixels(kept), pixels(kept.get_mask(), "Y u8"), offsets(kept)) == (before, mask, place)


def check_groups_go_in_images_of_older_gimps():
    """GIMP makes a group in the mode that an image's layers have: in one from 2.8 in the legacy mode."""
    image = new_image()
    image.get_layers()[0].set_mode(Gimp.LayerMode.NORMAL_LEGACY)
    group, layers = three_in_a_group(image)
    assert group.get_mode() == Gimp.LayerMode.NORMAL_LEGACY
    act("keep-only", layers, layers[1])
    assert names(image.get_layers()) == ["New 2", "Background"]


def check_keep_only_keeps_a_group_that_someone_changed():
    for change in (lambda group, image: group.set_opacity(50), lambda group, image: add_layer(image, "Mine", group, 0)):
        image = new_image()
        group, layers = three_in_a_group(image)
        change(group, image)
        act("keep-only", layers, layers[1])
        assert names(image.get_layers()) == ["Pictures", "Background"]
        assert [name for name in names(group.get_children()) if name != "Mine"] == ["New 2"]


def check_keep_only_without_a_group():
    image = new_image()
    layers, _ = insert(image, count=3, group="never")
    act("keep-only", layers, layers[2])
    assert names(image.get_layers()) == ["New 3", "Background"]


def check_convert_to_rgb():
    for kind in ("gray", "indexed"):
        image = new_image(base=Gimp.ImageBaseType.GRAY) if kind == "gray" else new_image()
        if kind == "indexed":
            image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.WEB, 0, False, False, "")
        before = pixels(image.get_layers()[0])
        call("test-venice-convert-to-rgb", image_id=image.get_id())
        assert image.get_base_type() == Gimp.ImageBaseType.RGB, kind
        assert pixels(image.get_layers()[0]) == before
        layers, _ = insert(image, count=2)
        assert image.get_layers()[0].is_group() and len(layers) == 2
    call("test-venice-convert-to-rgb", image_id=image.get_id())  # nothing to do, and no error


def check_cancelled_at_any_step_leaves_nothing():
    """After each possible number of steps: no layer, no mask and no temporary image."""
    cancelled = 0
    for kind in ("RGB", "indexed"):
        for steps in range(0, MORE_STEPS_THAN_NEEDED, STRIDE if kind == "RGB" else 3 * STRIDE):
            image = new_image()
            if kind == "indexed":
                image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.WEB, 0, False, False, "")
            select(image)
            images = len(Gimp.get_images())
            first = next_number(image)
            layers, _ = insert(image, count=3, steps=steps, meanwhile="cancel")
            assert len(Gimp.get_images()) == images, (kind, steps)
            if layers:
                break
            cancelled += 1
            assert names(image.get_layers()) == ["Background"]
            assert items_made_since(first, image) == [], (kind, steps)
            image.delete()
        assert layers, "it never came to its end"
    return f"cancelled after {cancelled} different numbers of steps"


def check_closed_at_any_step_is_an_error():
    """GIMP and the plug-in go on, whatever the insertion had in hand."""
    closed = 0
    for kind in ("RGB", "indexed"):
        for steps in range(0, MORE_STEPS_THAN_NEEDED, STRIDE if kind == "RGB" else 3 * STRIDE):
            image = new_image()
            if kind == "indexed":
                image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.WEB, 0, False, False, "")
            select(image)
            number = image.get_id()
            layers, text = insert(image, count=3, steps=steps, meanwhile="close")
            if layers:
                break
            closed += 1
            assert not Gimp.Image.id_is_valid(number)
            assert "closed" in text, (kind, steps, text)
        assert layers, "it never came to its end"
    other = new_image()
    assert len(insert(other)[0]) == 1
    return f"closed after {closed} different numbers of steps"


def check_resized_at_any_step_means_the_whole_canvas():
    for placement, wanted in (("cover", (267, 200)), ("fit", (267, 200)), ("stretch", (267, 200)), ("actual", (64, 48))):
        image = new_image()
        select(image)
        layers, text = insert(image, placement=placement, steps=0, meanwhile="resize")
        assert "resized" in text, text
        (layer,) = layers
        assert size(layer) in (wanted, (266, 200)), (placement, size(layer))
        x, y = offsets(layer)
        assert (x, y) == ((300 - layer.get_width()) // 2, (200 - layer.get_height()) // 2)
        assert layer.get_mask() is None
        assert size(image) == (300, 200)


def check_resized_later_is_still_one_whole():
    """Between the layers, or after them: all of a run lie in the same place, inside the canvas and without a mask."""
    for steps in range(1, MORE_STEPS_THAN_NEEDED, STRIDE):
        image = new_image()
        select(image)
        layers, text = insert(image, count=2, placement="fit", steps=steps, meanwhile="resize")
        if not text:
            break  # it was over before
        assert "resized" in text, text
        assert [offsets(layer) + size(layer) for layer in layers] == [(17, 0, 266, 200)] * 2, steps
        assert [layer.get_mask() for layer in layers] == [None, None], steps
    assert steps > 5


def check_inserted_after_the_floating_selection_was_anchored():
    image = new_image()
    select(image)
    Gimp.Selection.float(image, [image.get_layers()[0]], 5, 5)
    layers, text = insert(image, count=2, meanwhile="anchor")
    assert "Ctrl+H" in text, text
    assert image.get_floating_sel() is None
    assert names(layers) == ["New 1", "New 2"]
    assert names(image.get_layers()) == ["Pictures", "Background"]


def look_of(layer):
    return size(layer), offsets(layer), layer.get_mask() is not None, layer.type(), pixels(layer)


def look_the_same(looks, tolerance):
    """All as the first; where they are scaled, GEGL's threads share the work as they come, which moves a rounding now and then."""
    assert [[look[:-1] for look in each] for each in looks[1:]] == [[look[:-1] for look in looks[0]]] * (len(looks) - 1)
    difference = max(largest_difference(one[-1], other[-1]) for each in looks[1:] for one, other in zip(looks[0], each))
    assert difference <= tolerance, difference


def looks_when_converted_at_each_step(change, is_changed, group, has_group):
    looks = []
    for steps in range(MORE_STEPS_THAN_NEEDED):
        image = new_image()
        layers, text = insert(image, count=2, placement="actual", group=group, steps=steps, meanwhile=change)
        if not is_changed(image):
            break  # it was over before
        assert not text, (change, group, steps, text)
        assert names(image.get_layers()) == (["Pictures", "Background"] if has_group else ["New 1", "New 2", "Background"]), (change, steps)
        assert names(layers) == ["New 1", "New 2"] and visibilities(layers) == [True, not has_group], (change, steps)
        looks.append([look_of(layer) for layer in layers])
    assert steps > 5
    return looks


def check_converted_at_any_step_is_converted_with_the_image():
    """Between the layers, or after that: as if it had been converted before."""
    for change, is_changed, can_have_group in (("gray", lambda image: image.get_base_type() == Gimp.ImageBaseType.GRAY, True),
                                               ("deep", lambda image: image.get_precision() == Gimp.Precision.FLOAT_LINEAR, True),
                                               ("indexed", lambda image: image.get_base_type() == Gimp.ImageBaseType.INDEXED, False),
                                               ("profile", lambda image: image.get_color_profile() is not None, True)):
        for group in ("automatic", "never"):
            look_the_same(looks_when_converted_at_each_step(change, is_changed, group, can_have_group and group == "automatic"), 1)


def check_written_early_is_the_same():
    """Rows in bands of tiles, half of them before the rest arrived; scaled ones, too."""
    for width, height in ((64, 48), (300, 400), (129, 257)):
        for placement in ("actual", "cover", "fit"):
            looks = []
            for early in ("", "half", "all", "damaged"):
                image = new_image()
                layers, text = insert(image, count=2, width=width, height=height, placement=placement, early=early)
                assert not text
                assert names(image.get_layers()) == ["Pictures", "Background"]
                assert names(layers) == ["New 1", "New 2"] and visibilities(layers) == [True, False]
                looks.append([look_of(layer) for layer in layers])
            look_the_same(looks, 0 if placement == "actual" else 1)


def check_written_early_for_an_image_that_changes():
    for change in ("gray", "deep", "resize"):
        looks = []
        for early in ("", "half", "all"):
            image = new_image()
            select(image)
            layers, _ = insert(image, count=2, early=early, steps=0 if early == "" else -1, meanwhile=change, early_meanwhile=change)
            looks.append([look_of(layer) for layer in layers])
        look_the_same(looks, 1)


def check_written_early_leaves_nothing():
    """Neither what was never used, nor what was for an image that is closed."""
    for early in ("half", "all"):
        image = new_image()
        first = next_number(image)
        insert(image, count=3, early=early, steps=0, meanwhile="cancel")
        assert items_made_since(first, image) == [], early
        number = image.get_id()
        layers, text = insert(image, count=3, early=early, early_meanwhile="close")
        assert not layers and "closed" in text, (early, text)
        assert not Gimp.Image.id_is_valid(number)
    assert len(insert(new_image())[0]) == 1


run(globals())
